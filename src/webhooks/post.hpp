// SPDX-License-Identifier: Apache-2.0
// One HTTP request to a receiver: to the addresses that were judged and to no others, no redirect
// followed, no proxy, the answer's body thrown away.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/guard.hpp"

namespace cad::webhooks {

struct Posted {
  std::optional<int> status;         // of HTTP; none: there was no answer
  std::optional<std::string> error;  // then: why
  std::optional<std::chrono::milliseconds> retry_after;
};

class Poster {
 public:
  virtual ~Poster() = default;
  virtual Posted post(const Destination& to, const std::vector<std::string>& headers,
                      std::string_view body) = 0;
  // Requests that are under way end soon without an answer, later ones at once.
  virtual void stop() {}
};

struct PosterOptions {
  std::chrono::milliseconds timeout{10'000};  // from the first step to the last
  std::string ca_file;                        // empty: the system's certificates
};
// UNAVAILABLE: libcurl is not installed.
Result<std::unique_ptr<Poster>> make_poster(const PosterOptions& options);

}  // namespace cad::webhooks
