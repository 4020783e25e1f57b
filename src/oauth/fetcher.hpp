// SPDX-License-Identifier: Apache-2.0
// Requests from the service to a provider. The operator chose where they go, so no address is
// judged here; what comes back is still bounded in time and size, and no redirect is followed.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace cad::oauth {

struct Fetch {
  std::string url;
  std::vector<std::string> headers;                // "Name: value"
  std::optional<std::string> form = std::nullopt;  // POSTed when there is one
};
struct Fetched {
  int status = 0;
  std::string body;
};

inline constexpr std::size_t kMostFetched = 256 * 1024;

class Fetcher {
 public:
  virtual ~Fetcher() = default;
  // UNAVAILABLE: no answer in time, or none that can be trusted (TLS). LIMIT_EXCEEDED: the answer
  // is longer than kMostFetched. Messages hold nothing of what was sent or received. Any thread.
  virtual Result<Fetched> fetch(const Fetch& request) = 0;
  // Requests that are under way end soon, later ones at once, as UNAVAILABLE.
  virtual void stop() {}
};

struct FetcherOptions {
  std::chrono::milliseconds timeout{10'000};  // from the first step to the last
  std::string ca_file;                        // empty: the system's certificates
};
// UNAVAILABLE: libcurl is not installed.
Result<std::unique_ptr<Fetcher>> make_fetcher(const FetcherOptions& options);

}  // namespace cad::oauth
