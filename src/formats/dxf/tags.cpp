// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/tags.hpp"

#include <algorithm>
#include <charconv>

#include "base/hex.hpp"

namespace cad::dxf {
namespace {

constexpr std::size_t kSentinelBytes = 22;  // "AutoCAD Binary DXF\r\n\x1a\0"

// CR alone ends the lines when there is no LF near the beginning.
char line_end_of(const char* begin, const char* end) {
  const auto head = std::min<std::ptrdiff_t>(end - begin, 65536);
  const std::string_view text(begin, static_cast<std::size_t>(head));
  if (text.find('\n') != std::string_view::npos) return '\n';
  return text.find('\r') != std::string_view::npos ? '\r' : '\n';
}

// -5 is the lowest group code in use, 1071 the highest; others are damage.
bool parse_code(std::string_view line, int& code) {
  line = trim(line);
  if (line.empty() || line.size() > 5) return false;
  const auto result = std::from_chars(line.data(), line.data() + line.size(), code);
  return result.ec == std::errc{} && result.ptr == line.data() + line.size() && code >= -5 &&
         code <= 1071;
}

bool is_text_code(int code) {
  return code < 10 || (code >= 100 && code <= 105) || (code >= 300 && code < 370) ||
         (code >= 390 && code < 400) || (code >= 410 && code < 420) ||
         (code >= 430 && code < 440) || (code >= 470 && code < 490) || code == 999 ||
         (code >= 1000 && code < 1010);
}

}  // namespace

TagCursor::TagCursor(Bytes file, Encoding encoding, const Limits& limits, Diagnostics& diagnostics)
    : begin_(reinterpret_cast<const char*>(file.data())),
      end_(begin_ + file.size()),
      at_(begin_),
      tag_at_(begin_),
      max_coordinate_(limits.max_coordinate),
      encoding_(encoding),
      diagnostics_(diagnostics) {
  const std::string_view text(begin_, file.size());
  if (encoding_ != Encoding::ascii) {
    at_ += std::min(kSentinelBytes, file.size());
    return;
  }
  if (text.starts_with("\xEF\xBB\xBF")) at_ += 3;
  eol_ = line_end_of(begin_, end_);
  eol_word_ = 0x0101010101010101u * static_cast<unsigned char>(eol_);
  line_ = static_cast<std::uint64_t>(-1);  // the first group is at line 1
}

void TagCursor::seek(Mark mark) {
  at_ = begin_ + std::min<std::uint64_t>(mark.offset, size());
  line_ = encoding_ == Encoding::ascii ? mark.line - 2 : 0;
  pushed_ = ended_ = false;
}

std::string TagCursor::where() const {
  return encoding_ == Encoding::ascii ? "line " + std::to_string(line_)
                                      : "byte " + std::to_string(offset());
}

void TagCursor::warn(std::string_view code, std::string_view message) {
  diagnostics_.warn(code, "DXF", message, where());
}

// ---------------------------------------------------------------- ASCII

TagCursor::Line TagCursor::line_at(const char* p) const {
  const char* q = find_eol(p);
  const char* const next = q < end_ ? q + 1 : end_;
  while (q > p && q[-1] == '\r') --q;
  return {{p, static_cast<std::size_t>(q - p)}, next};
}

bool TagCursor::finish(bool truncated) {
  if (truncated && !ended_) warn("DXF_TRUNCATED", "The file ends in the middle of a group.");
  ended_ = true;
  code_ = 0;
  raw_ = {};
  kind_ = Kind::text;
  at_ = tag_at_ = end_;
  return false;
}

bool TagCursor::next_ascii_slowly() {
  if (at_ >= end_) return finish(false);
  const Line line = line_at(at_);
  if (!parse_code(line.text, code_)) {
    if (trim(line.text).empty() && line.next >= end_) return finish(false);
    return resynchronize();
  }
  if (line.next >= end_) return finish(true);
  take_value(line.next);
  return true;
}

// A group is believed after damage when its code and its value fit and another code follows.
bool TagCursor::plausible_at(const char* p) const {
  int code = 0;
  for (int i = 0; i < 2; ++i) {
    const Line head = line_at(p);
    if (head.next >= end_) return i == 1 && parse_code(head.text, code);
    if (!parse_code(head.text, code)) return false;
    const Line value = line_at(head.next);
    if (code == 0 && (value.text.empty() || is_digit(value.text.front()))) {
      if (!value.text.starts_with("3D")) return false;
    }
    if (!is_text_code(code) && parse_number(value.text).state == NumberState::bad) return false;
    p = value.next;
  }
  return true;
}

bool TagCursor::resynchronize() {
  warn("DXF_BAD_GROUP_CODE",
       "A line that should hold a group code holds something else; reading went on at the next "
       "group that makes sense.");
  while (at_ < end_) {
    at_ = line_at(at_).next;
    ++line_;
    if (at_ < end_ && plausible_at(at_)) {
      tag_at_ = at_;
      const Line line = line_at(at_);
      if (!parse_code(line.text, code_)) break;
      if (line.next >= end_) break;
      take_value(line.next);
      return true;
    }
  }
  return finish(false);
}

// ---------------------------------------------------------------- binary

template <class T>
bool TagCursor::take(T& out) {
  if (static_cast<std::size_t>(end_ - at_) < sizeof(T)) return false;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(at_[i])) << (8 * i);
  at_ += sizeof(T);
  if constexpr (sizeof(T) == 8)
    out = std::bit_cast<T>(bits);
  else
    out = static_cast<T>(bits);
  return true;
}

bool TagCursor::read_code() {
  if (encoding_ == Encoding::binary) {
    std::int16_t code = 0;
    if (!take(code)) return false;
    code_ = code;
    return true;
  }
  std::uint8_t code = 0;
  if (!take(code)) return false;
  code_ = code;
  if (code != 255) return true;
  std::int16_t wide = 0;
  if (!take(wide)) return false;
  code_ = wide;
  return true;
}

namespace {

enum class Width : std::uint8_t { text, flag, int16, int32, int64, real, chunk };

// Value types by group code range (DXF Reference, "Group Code Value Types").
Width width_of(int code) {
  struct Range {
    std::int16_t first, last;
    Width width;
  };
  static constexpr Range kRanges[] = {
      {10, 59, Width::real},      {60, 79, Width::int16},    {90, 99, Width::int32},
      {110, 149, Width::real},    {160, 169, Width::int64},  {170, 179, Width::int16},
      {210, 239, Width::real},    {270, 289, Width::int16},  {290, 299, Width::flag},
      {310, 319, Width::chunk},   {370, 389, Width::int16},  {400, 409, Width::int16},
      {420, 429, Width::int32},   {440, 459, Width::int32},  {460, 469, Width::real},
      {1004, 1004, Width::chunk}, {1010, 1059, Width::real}, {1060, 1070, Width::int16},
      {1071, 1071, Width::int32}};
  for (const Range& range : kRanges)
    if (code >= range.first && code <= range.last) return range.width;
  return Width::text;
}

}  // namespace

bool TagCursor::read_value() {
  kind_ = Kind::integer;
  switch (width_of(code_)) {
    case Width::text: {
      kind_ = Kind::text;
      const void* nul = std::memchr(at_, 0, static_cast<std::size_t>(end_ - at_));
      if (nul == nullptr) return false;
      const char* const stop = static_cast<const char*>(nul);
      raw_ = {at_, static_cast<std::size_t>(stop - at_)};
      at_ = stop + 1;
      return true;
    }
    case Width::flag: {
      std::uint8_t v = 0;
      if (!take(v)) return false;
      integer_value_ = v;
      return true;
    }
    case Width::int16: {
      std::int16_t v = 0;
      if (!take(v)) return false;
      integer_value_ = v;
      return true;
    }
    case Width::int32: {
      std::int32_t v = 0;
      if (!take(v)) return false;
      integer_value_ = v;
      return true;
    }
    case Width::int64: return take(integer_value_);
    case Width::real: kind_ = Kind::real; return take(real_value_);
    case Width::chunk: {
      kind_ = Kind::bytes;
      std::uint8_t size = 0;
      if (!take(size) || end_ - at_ < size) return false;
      raw_ = {at_, size};
      at_ += size;
      return true;
    }
  }
  return false;
}

bool TagCursor::next_binary() {
  tag_at_ = at_;
  if (at_ >= end_) return finish(false);
  raw_ = {};
  if (!read_code()) return finish(true);
  if (code_ < -5 || code_ > 1071) return resynchronize_binary();
  return read_value() || finish(true);
}

// The end of the record name that a group 0 at p would have; null when it has none. Without line
// ends, names in capitals are all there is to hold on to.
const char* TagCursor::record_name_end(const char* p) const {
  for (int i = encoding_ == Encoding::binary ? 2 : 1; i > 0; --i)
    if (p >= end_ || *p++ != '\0') return nullptr;
  const char* const name = p;
  while (p < end_ && p - name < 40 && ((*p >= 'A' && *p <= 'Z') || is_digit(*p) || *p == '_')) ++p;
  return p < end_ && *p == '\0' && p - name >= 3 && !is_digit(p[-1]) ? p : nullptr;
}

bool TagCursor::resynchronize_binary() {
  warn("DXF_BAD_GROUP_CODE",
       "A group code lies outside of the format; reading went on at the next record.");
  for (const char* p = tag_at_ + 1; p < end_; ++p) {
    const char* const stop = record_name_end(p);
    if (stop == nullptr) continue;
    tag_at_ = at_ = p;
    return read_code() && read_value();
  }
  return finish(false);
}

// ---------------------------------------------------------------- values

double TagCursor::doubtful_number(ParsedNumber parsed) {
  switch (parsed.state) {
    case NumberState::good: return parsed.value;
    case NumberState::comma:
      warn("DXF_DECIMAL_COMMA", "Numbers are written with a decimal comma; read as a point.");
      return parsed.value;
    case NumberState::overflow:
      warn("DXF_BAD_NUMBER", "A number is too large to be one; taken as 0.");
      return 0;
    case NumberState::bad: break;
  }
  warn("DXF_BAD_NUMBER", "A value that should be a number is none; taken as 0.");
  return 0;
}

double TagCursor::refuse_magnitude() {
  warn("DXF_BAD_NUMBER", "A number is too large to be a coordinate; taken as 0.");
  return 0;
}

double TagCursor::binary_real() {
  if (kind_ == Kind::integer) return static_cast<double>(integer_value_);
  if (kind_ == Kind::real && std::isfinite(real_value_)) return real_value_;
  return doubtful_number({});
}

std::int64_t TagCursor::integer() {
  if (kind_ == Kind::text) return text_integer();
  if (kind_ == Kind::integer) return integer_value_;
  const double value = binary_real();
  return std::abs(value) < 9e18 ? static_cast<std::int64_t>(value) : 0;
}

std::int64_t TagCursor::text_integer() {
  std::string_view text = trim(raw_);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec == std::errc{} && result.ptr == end) [[likely]]
    return value;
  const ParsedNumber number = parse_number(text);  // "1.0": some programs print all as reals
  if (number.state == NumberState::good && std::abs(number.value) < 9e18)
    return static_cast<std::int64_t>(number.value);
  return static_cast<std::int64_t>(doubtful_number({}));
}

std::uint64_t TagCursor::handle() {
  if (kind_ == Kind::integer) return static_cast<std::uint64_t>(integer_value_);
  const std::string_view text = trim(raw_);
  std::uint64_t value = 0;
  for (const char c : text) {
    const int digit = hex_digit(c);
    if (digit < 0 || text.size() > 16) {
      warn("DXF_BAD_HANDLE", "A handle is not hexadecimal; taken as none.");
      return 0;
    }
    value = value << 4 | static_cast<unsigned>(digit);
  }
  return value;
}

void TagCursor::append_binary(std::string& out) {
  if (kind_ == Kind::bytes) {
    out.append(raw_);
    return;
  }
  const std::string_view text = trim(raw_);
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) {
      warn("DXF_BAD_BINARY", "A binary chunk holds something else than hexadecimal digits.");
      return;
    }
    out.push_back(static_cast<char>(high << 4 | low));
  }
}

}  // namespace cad::dxf
