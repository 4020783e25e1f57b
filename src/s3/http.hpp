// SPDX-License-Identifier: Apache-2.0
// One request, one answer, over connections that are kept for the next. Goes to the host of the URL
// and nowhere else: no redirect, no proxy.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "s3/sigv4.hpp"

namespace cad::s3 {

struct HttpRequest {
  std::string method, url;
  Pairs headers;
  std::span<const std::byte> body;
  std::size_t most_answer = 1u << 20;
  bool patient = false;  // the server may think for minutes before it answers
  bool hurry = false;    // it is probably away: not waited for long
};

struct HttpAnswer {
  int status = 0;
  bool slow_down = false;  // said beside the status: all that the answer to a HEAD can say
  Pairs headers;           // names in lower case
  std::string body;
  // Empty: there is none.
  std::string_view header(std::string_view name) const;
};

struct HttpTimes {
  std::chrono::milliseconds connect{3'000};
  std::chrono::milliseconds silence{10'000};  // below 1 KiB/s for so long; before the answer, too
  std::chrono::milliseconds patience{300'000};
};

class Http {
 public:
  // UNAVAILABLE: libcurl is not installed.
  static Result<std::unique_ptr<Http>> make(HttpTimes times, std::string ca_file);
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  // UNAVAILABLE with why when no whole answer came. Any thread.
  Result<HttpAnswer> perform(const HttpRequest& request);

 private:
  struct Pool;
  explicit Http(std::unique_ptr<Pool> pool);
  std::unique_ptr<Pool> pool_;
};

}  // namespace cad::s3
