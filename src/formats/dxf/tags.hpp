// SPDX-License-Identifier: Apache-2.0
// The DXF cursor: one group (code, value) at a time from ASCII or either binary layout, without
// copying the text. Only this class touches bytes. Overrun is sticky: after the end every code is 0
// and every value empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/limits.hpp"
#include "base/vec.hpp"
#include "formats/format.hpp"

namespace cad::dxf {

enum class Encoding : std::uint8_t { ascii, binary_r12, binary };

class TagCursor {
 public:
  TagCursor(Bytes file, Encoding encoding, const Limits& limits, Diagnostics& diagnostics);

  // Moves to the next group. False at the end of the file.
  bool next();
  // Makes the next call of next() deliver the present group again.
  void push_back() { pushed_ = true; }

  int code() const { return code_; }
  // The value as text: ASCII files: the line without its line end; binary: string groups.
  // Raw bytes in the file's code page: use TextDecoder for what people read.
  std::string_view raw() const { return raw_; }
  // Numbers: malformed, NaN, infinite or above Limits::max_coordinate gives 0 and one diagnostic.
  double number();
  std::int64_t integer();
  bool flag() { return integer() != 0; }
  std::uint64_t handle();     // hexadecimal
  // Binary chunks (codes 310-319, 1004): decoded bytes appended.
  void append_binary(std::string& out);

  std::uint64_t offset() const;
  std::uint64_t line() const;   // 1-based for ASCII, 0 for binary
  std::string where() const;    // "line 120" or "byte 4711"

 private:
  bool next_ascii();
  bool next_binary();
  int code_ = 0;
  bool pushed_ = false;
  std::string_view raw_;
};

}  // namespace cad::dxf
