// SPDX-License-Identifier: Apache-2.0
// Names of code pages, and letters without their case.
#include <algorithm>
#include <charconv>

#include "base/encoding.hpp"
#include "base/utf8.hpp"

namespace cad {
namespace {

struct NamedPage {
  std::string_view name;  // letters and digits only, lower case
  CodePage page;
};

// What AutoCAD and others have written into $DWGCODEPAGE besides ANSI_<number> and DOS<number>.
constexpr NamedPage kNames[] = {
    {"ascii", 1252},     {"ansi", 1252},    {"utf8", kUtf8},     {"unicode", kUtf8},
    {"ansi1200", kUtf8}, {"mac", 10000},    {"macroman", 10000}, {"macintosh", 10000},
    {"big5", 950},       {"ksc5601", 949},  {"ks5601", 949},     {"euckr", 949},
    {"johab", 1361},     {"gb2312", 936},   {"gbk", 936},        {"gb18030", 936},
    {"sjis", 932},       {"shiftjis", 932}, {"koi8r", 20866},    {"latin1", 28591},
};

std::optional<CodePage> known_page(unsigned number) {
  if (number == 65001) return kUtf8;
  if (number == 0 || number > 65000) return std::nullopt;
  const auto page = static_cast<CodePage>(number);
  if (is_double_byte(page)) return page;
  std::string probe;
  static constexpr CodePage kSingle[] = {
      437,   720,   737,   775,   850,   852,   855,   857,   858,   860,   861,
      862,   863,   864,   865,   866,   869,   874,   1250,  1251,  1252,  1253,
      1254,  1255,  1256,  1257,  1258,  10000, 20866, 28591, 28592, 28593, 28594,
      28595, 28596, 28597, 28598, 28599, 28600, 28603, 28604, 28605, 28606};
  return std::ranges::find(kSingle, page) != std::end(kSingle) ? std::optional(page) : std::nullopt;
}

char32_t lower(char32_t c) {
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
  if (c == 0x130 || c == 0x131 || c == 0x138 || c == 0x149) return c;
  if (c == 0x178) return 0xFF;
  if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177)) return c | 1;
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return c + (c & 1);
  if (c >= 0x391 && c <= 0x3AB && c != 0x3A2) return c + 32;
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  if (c >= 0x460 && c <= 0x481) return c | 1;
  return c;
}

}  // namespace

std::optional<CodePage> code_page_of(std::string_view name) {
  std::string key;
  for (const char c : name.substr(0, 32)) {
    if (c >= 'A' && c <= 'Z') key.push_back(static_cast<char>(c + 32));
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) key.push_back(c);
  }
  for (const NamedPage& row : kNames)
    if (row.name == key) return row.page;
  std::string_view digits = key;
  bool iso = false;
  for (const std::string_view prefix : {"iso8859", "8859"}) {
    if (!digits.starts_with(prefix)) continue;
    digits.remove_prefix(prefix.size());
    iso = true;
    break;
  }
  if (!iso) {
    for (const std::string_view prefix : {"ansi", "dos", "windows", "cp", "ibm", "oem", "win"}) {
      if (!digits.starts_with(prefix)) continue;
      digits.remove_prefix(prefix.size());
      break;
    }
  }
  unsigned number = 0;
  const auto end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, number);
  if (digits.empty() || result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return known_page(iso ? 28590 + number : number);
}

std::string fold_case(std::string_view utf8) {
  if (is_ascii(utf8)) {
    std::string out(utf8);
    for (char& c : out)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
  }
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const char32_t c = next_code_point(utf8, i);
    append_utf8(c >= 'A' && c <= 'Z' ? c + 32 : lower(c), out);
  }
  return out;
}

}  // namespace cad
