// SPDX-License-Identifier: Apache-2.0
// W3C Trace Context (level 1): which trace a request belongs to, and how that is told to others.
// Spans of our own are not exported, so a span id of ours is made where a request of ours goes out,
// and nowhere before: there it names that request (3.2.2.4, parent-id).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cad::trace {

struct Context {
  std::string trace_id;  // 32 lower-case hex digits, not all of them 0
  std::string span_id;   // 16 of them: who asked; in what goes out, the request that asks
  bool sampled = false;  // the caller may have recorded it
  std::string state;     // tracestate, as the caller sent it, whitespace between members left out
};

// Strictly as the recommendation says; of versions that we do not know the part that we do.
std::optional<Context> parse_traceparent(std::string_view header);
// The fields of all tracestate headers as one, at most 512 characters and 32 members; none: they
// are malformed or more, and are dropped as a whole.
std::optional<std::string> parse_tracestate(std::span<const std::string_view> headers);

// What comes with a request, as it came; with a header that is missing, malformed or there twice a
// trace begins.
Context receive(std::span<const std::string_view> traceparents,
                std::span<const std::string_view> tracestates);
// For a request that goes out: the same trace, a span id of its own.
Context next_step(const Context& context);

std::string to_traceparent(const Context& context);

// For the database: traceparent, and behind a space tracestate.
std::string to_text(const Context& context);
std::optional<Context> from_text(std::string_view text);
// The trace id in such a text; "-": there is none.
std::string_view trace_id_of(std::string_view text);

}  // namespace cad::trace
