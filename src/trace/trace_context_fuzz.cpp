// SPDX-License-Identifier: Apache-2.0
// Anything as traceparent and tracestate (lines: the first is traceparent, each other one a
// tracestate header): what is taken must be what is passed on, in a form that can break no header.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "trace/context.hpp"

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

bool is_printable(std::string_view text) {
  for (const char c : text)
    if (c < ' ' || c > '~') return false;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cad::trace;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> lines;
  while (true) {
    const auto end = rest.find('\n');
    lines.push_back(rest.substr(0, end));
    if (end == rest.npos) break;
    rest.remove_prefix(end + 1);
  }
  const std::vector<std::string_view> parent{lines.front()};
  lines.erase(lines.begin());
  const auto parsed = parse_traceparent(parent.front());
  const Context context = receive(parent, lines);
  if (parsed) expect(context.trace_id == parsed->trace_id && context.span_id == parsed->span_id);
  const std::string text = to_text(context);
  expect(is_printable(text) && text.size() <= 55 + 1 + 512);
  const auto again = from_text(text);
  expect(again && to_text(*again) == text);
  expect(trace_id_of(text) == context.trace_id);
  return 0;
}
