// SPDX-License-Identifier: Apache-2.0
#include "json/pretty.hpp"

namespace cad::json {

Result<void> PrettySink::write(PartKind kind, std::uint32_t number,
                               std::span<const std::byte> bytes) {
  if (kind != PartKind::result) return next_.write(kind, number, bytes);
  out_.clear();
  for (const std::byte b : bytes) put(static_cast<char>(b));
  return next_.write(kind, number, std::as_bytes(std::span(out_)));
}

void PrettySink::new_line() {
  out_ += '\n';
  out_.append(2 * depth_, ' ');
}

void PrettySink::put(char c) {
  if (in_string_) {
    out_ += c;
    if (escaped_)
      escaped_ = false;
    else if (c == '\\')
      escaped_ = true;
    else if (c == '"')
      in_string_ = false;
    return;
  }
  const bool closes = c == '}' || c == ']';
  if (just_opened_ && !closes) new_line();
  if (closes) {
    --depth_;
    if (!just_opened_) new_line();
  }
  just_opened_ = c == '{' || c == '[';
  if (just_opened_) ++depth_;
  in_string_ = c == '"';
  out_ += c;
  if (c == ',') new_line();
  if (c == ':') out_ += ' ';
}

}  // namespace cad::json
