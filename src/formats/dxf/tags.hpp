// SPDX-License-Identifier: Apache-2.0
// The DXF cursor: one group (code, value) at a time from ASCII or either binary layout, without
// copying the text. Only this class touches bytes. Overrun is sticky: after the end every code is 0
// and every value empty. Comments (group 999) are skipped.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/limits.hpp"
#include "base/vec.hpp"
#include "formats/dxf/numbers.hpp"
#include "formats/format.hpp"

namespace cad::dxf {

enum class Encoding : std::uint8_t { ascii, binary_r12, binary };

class TagCursor {
 public:
  TagCursor(Bytes file, Encoding encoding, const Limits& limits, Diagnostics& diagnostics);

  // Moves to the next group. False at the end of the file.
  bool next() {
    if (pushed_) [[unlikely]] {
      pushed_ = false;
      return !ended_;
    }
    do {
      if (!(encoding_ == Encoding::ascii ? next_ascii() : next_binary())) return false;
    } while (code_ == 999);
    return true;
  }
  // Makes the next call of next() deliver the present group again.
  void push_back() { pushed_ = true; }

  int code() const { return code_; }
  // The value as text: ASCII files: the line without its line end; binary: string groups.
  // Raw bytes in the file's code page: EntityTags::text() or Loader::decode() for what people read.
  std::string_view raw() const { return raw_; }
  // raw() without the blanks around it: names of types, sections and variables.
  std::string_view word() const { return trim(raw_); }
  // Numbers: malformed, NaN, infinite or above Limits::max_coordinate gives 0 and one diagnostic.
  double number() {
    const double value = real();
    return value <= max_coordinate_ && value >= -max_coordinate_ ? value : refuse_magnitude();
  }
  // Any finite number: for values that are no coordinates (extents of an empty drawing are 1e20).
  double real() {
    if (kind_ == Kind::text) [[likely]] {
      const ParsedNumber parsed = parse_number(raw_);
      return parsed.state == NumberState::good ? parsed.value : doubtful_number(parsed);
    }
    return binary_real();
  }
  std::int64_t integer();
  bool flag() { return integer() != 0; }
  std::uint64_t handle();  // hexadecimal
  // Binary chunks (codes 310-319, 1004): decoded bytes appended.
  void append_binary(std::string& out);

  bool is_binary() const { return encoding_ != Encoding::ascii; }
  std::uint64_t offset() const { return static_cast<std::uint64_t>(tag_at_ - begin_); }
  std::uint64_t size() const { return static_cast<std::uint64_t>(end_ - begin_); }
  std::uint64_t line() const {
    return line_;
  }                           // of the group code; 1-based for ASCII, 0 for binary
  std::string where() const;  // "line 120" or "byte 4711"

  // A place to come back to: the start of the present group.
  struct Mark {
    std::uint64_t offset = 0, line = 0;
  };
  Mark mark() const { return {offset(), line_}; }
  void seek(Mark mark);  // the next next() delivers the group at the mark

  Diagnostics& diagnostics() { return diagnostics_; }

 private:
  enum class Kind : std::uint8_t { text, integer, real, bytes };

  // Blanks, one to four digits, line end, value, line end: nearly every group there is.
  bool next_ascii() {
    const char* p = at_;
    line_ += 2;
    tag_at_ = p;
    if (end_ - p < 16) return next_ascii_slowly();
    for (int i = 0; i < 6 && *p == ' '; ++i) ++p;
    unsigned code = static_cast<unsigned char>(*p - '0');
    if (code > 9) return next_ascii_slowly();
    for (int i = 0; i < 3; ++i) {
      const unsigned digit = static_cast<unsigned char>(*++p - '0');
      if (digit > 9) break;
      code = code * 10 + digit;
    }
    if (is_digit(*p)) ++p;
    if (*p == '\r' && eol_ == '\n') ++p;
    if (*p != eol_ || code > 1071) return next_ascii_slowly();
    code_ = static_cast<int>(code);
    take_value(p + 1);
    return true;
  }
  void take_value(const char* p) {
    const char* q = find_eol(p);
    at_ = q < end_ ? q + 1 : end_;
    while (q > p && q[-1] == '\r') --q;
    raw_ = {p, static_cast<std::size_t>(q - p)};
  }
  // The line end at or after p, or end_. Eight bytes at a time: lines are short.
  const char* find_eol(const char* p) const {
    if constexpr (std::endian::native == std::endian::little) {
      for (int i = 0; i < 5 && end_ - p >= 8; ++i, p += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, p, 8);
        const std::uint64_t same = word ^ eol_word_;
        const std::uint64_t zero = (same - 0x0101010101010101u) & ~same & 0x8080808080808080u;
        if (zero != 0) return p + (std::countr_zero(zero) >> 3);
      }
    }
    const void* found = std::memchr(p, eol_, static_cast<std::size_t>(end_ - p));
    return found != nullptr ? static_cast<const char*>(found) : end_;
  }

  bool next_ascii_slowly();
  bool resynchronize();
  struct Line {
    std::string_view text;
    const char* next;
  };
  Line line_at(const char* p) const;
  bool plausible_at(const char* p) const;
  bool finish(bool truncated);

  bool next_binary();
  bool resynchronize_binary();
  const char* record_name_end(const char* p) const;
  bool read_code();
  bool read_value();
  template <class T>
  bool take(T& out);

  double doubtful_number(ParsedNumber parsed);
  double refuse_magnitude();
  double binary_real();
  std::int64_t text_integer();
  void warn(std::string_view code, std::string_view message);

  const char* begin_;
  const char* end_;
  const char* at_;
  const char* tag_at_;
  std::string_view raw_;
  std::uint64_t line_ = 0;
  std::uint64_t eol_word_ = 0;
  double max_coordinate_;
  double real_value_ = 0;
  std::int64_t integer_value_ = 0;
  int code_ = 0;
  Encoding encoding_;
  Kind kind_ = Kind::text;
  char eol_ = '\n';
  bool pushed_ = false;
  bool ended_ = false;
  Diagnostics& diagnostics_;
};

}  // namespace cad::dxf
