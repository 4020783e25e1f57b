// SPDX-License-Identifier: Apache-2.0
#include "logging/quoted.hpp"

#include <cstdint>
#include <iterator>

#include "base/utf8.hpp"

namespace cad::logging {
namespace {

// What a terminal or a reader of the log could take for something else than text.
bool is_unsafe(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || c == 0xFFFD;
}

}  // namespace

void append_quoted(std::string_view text, fmt::memory_buffer& out) {
  out.push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t c = next_code_point(text, at);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(c));
    } else if (c == '\n') {
      out.append(std::string_view("\\n"));
    } else if (is_unsafe(c)) {  // all of them are below 0x10000
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<std::uint32_t>(c));
    } else {
      out.append(text.substr(start, at - start));
    }
  }
  out.push_back('"');
}

}  // namespace cad::logging
