// SPDX-License-Identifier: Apache-2.0
// A request in its account's feed.
#pragma once

#include <chrono>
#include <string>

#include "http/call.hpp"

namespace cad::http {

// What is kept of a request until its answer is out: the route's pattern and never the path as it
// came, which is the client's text.
struct RequestNote {
  std::string account_id, key_id, method, pattern, request_id;
  std::optional<std::string> job_id;
};
RequestNote note_of(const Call& call);

// Nothing is noted of a request without an account, and of a look at the feed itself.
void record(const jobs::Services& services, const RequestNote& note, int status,
            std::chrono::microseconds taken);

}  // namespace cad::http
