// SPDX-License-Identifier: Apache-2.0
// What is said of a request when its answer is out: one line in the log, one entry in its account's
// feed.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "http/call.hpp"
#include "http/request_note.hpp"

namespace cad::http {

// What is kept of a request until then, as the answer may outlive it. Never its path: there are ids
// and names of the client's in it.
struct RequestEnd {
  RequestNote note;
  std::string trace_id;
  rate::Verdict rate;
  std::uint64_t received = 0;  // bytes of its body
  std::chrono::steady_clock::time_point start;
  bool is_cheap = false;
};
using RequestEndPtr = std::shared_ptr<const RequestEnd>;
RequestEndPtr end_of(const Call& call, std::uint64_t received,
                     std::chrono::steady_clock::time_point start);

// An error as the answer. Why it is a 5xx, where the caller is not told, goes into the log:
// `event=request_failed`.
Response failed_response(spdlog::logger& log, const ApiError& error, const std::string& request_id);

// The headers that every answer gets, compression, and what happens at its end.
Response finish(const Request& request, Response response, RequestEndPtr end, const Api& api);

}  // namespace cad::http
