// SPDX-License-Identifier: Apache-2.0
// What is said of a request when its answer is out: one line in the log, one entry in its account's
// feed.
#pragma once

#include <chrono>
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
};

// Why an answer is 5xx, where a caller is not told: `event=request_failed`.
void log_fault(spdlog::logger& log, const ApiError& error, const std::string& request_id);

// The headers that every answer gets, compression, and what happens at its end.
Response finish(const Request& request, Response response, const RequestEnd& end, const Api& api);

}  // namespace cad::http
