// SPDX-License-Identifier: Apache-2.0
// Free text in a log line: `log.warn("event=x reason={}", logging::quoted(text))`. What it writes
// is a JSON string in ASCII-safe form: whatever the text holds, the line stays one line, and nobody
// can write a field into it.
#pragma once

#include <spdlog/fmt/fmt.h>

#include <string>
#include <string_view>

namespace cad::logging {

struct Quoted {
  std::string_view text;
};
inline Quoted quoted(std::string_view text) { return {text}; }

// In quotes. Escaped are quotes, backslashes, controls (of writing direction, too) and line
// separators; a byte that is no UTF-8 becomes U+FFFD.
void append_quoted(std::string_view text, fmt::memory_buffer& out);

}  // namespace cad::logging

template <>
struct fmt::formatter<cad::logging::Quoted> {
  constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }
  template <class Context>
  auto format(const cad::logging::Quoted& value, Context& context) const {
    fmt::memory_buffer out;
    cad::logging::append_quoted(value.text, out);
    return std::copy(out.begin(), out.end(), context.out());
  }
};
