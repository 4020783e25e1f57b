// SPDX-License-Identifier: Apache-2.0
#include "base/encoding.hpp"

#include <algorithm>
#include <cstring>

#include "base/tables/code_pages.hpp"
#include "base/utf8.hpp"

namespace cad {
namespace {

std::uint8_t byte_at(std::string_view s, std::size_t i) { return static_cast<std::uint8_t>(s[i]); }

const detail::SingleBytePage* single_byte_page(CodePage page) {
  for (const auto& table : detail::single_byte_pages())
    if (table.page == page) return &table;
  return nullptr;
}

// Length of the valid UTF-8 sequence at i, 0 when there is none (RFC 3629).
std::size_t utf8_sequence(std::string_view s, std::size_t i) {
  const std::uint8_t lead = byte_at(s, i);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || i + size > s.size()) return 0;
  for (std::size_t k = 1; k < size; ++k)
    if ((byte_at(s, i + k) & 0xC0) != 0x80) return 0;
  const std::uint8_t second = byte_at(s, i + 1);
  if (lead == 0xE0 && second < 0xA0) return 0;
  if (lead == 0xED && second > 0x9F) return 0;
  if (lead == 0xF0 && second < 0x90) return 0;
  if (lead == 0xF4 && second > 0x8F) return 0;
  return size;
}

std::size_t append_utf8_bytes(std::string_view bytes, std::string& out) {
  std::size_t lost = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    if (const std::size_t size = utf8_sequence(bytes, i); size != 0) {
      out.append(bytes, i, size);
      i += size;
    } else {
      append_utf8(kReplacement, out);
      ++lost;
      ++i;
    }
  }
  return lost;
}

std::size_t append_double_bytes(CodePage page, std::string_view bytes, std::string& out) {
  std::size_t lost = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t b = byte_at(bytes, i);
    if (b < 0x80) {
      out.push_back(static_cast<char>(b));
    } else if (page == 932 && b >= 0xA1 && b <= 0xDF) {
      append_utf8(0xFF61 + (b - 0xA1u), out);  // half-width katakana
    } else if (page == 936 && b == 0x80) {
      append_utf8(0x20AC, out);
    } else if (const char32_t c =
                   i + 1 < bytes.size() ? double_byte_char(page, b, byte_at(bytes, i + 1)) : 0;
               c != 0) {
      append_utf8(c, out);
      ++i;
    } else {
      append_utf8(kReplacement, out);
      ++lost;
    }
  }
  return lost;
}

std::size_t append_single_bytes(CodePage page, std::string_view bytes, std::string& out) {
  const auto* table = single_byte_page(page);
  if (table == nullptr) table = single_byte_page(kWindowsLatin);
  std::size_t lost = 0;
  for (const char c : bytes) {
    const auto b = static_cast<std::uint8_t>(c);
    if (b < 0x80) {
      out.push_back(c);
    } else if (const char32_t u = table->upper[b - 0x80]; u != 0) {
      append_utf8(u, out);
    } else {
      append_utf8(kReplacement, out);
      ++lost;
    }
  }
  return lost;
}

// Four hexadecimal digits at i, or -1.
int hex4(std::string_view s, std::size_t i) {
  if (i + 4 > s.size()) return -1;
  int value = 0;
  for (std::size_t k = i; k < i + 4; ++k) {
    const char c = s[k];
    int digit = 0;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else {
      return -1;
    }
    value = value << 4 | digit;
  }
  return value;
}

constexpr std::size_t kUnicodeEscape = 7;    // \U+XXXX
constexpr std::size_t kMultibyteEscape = 8;  // \M+nXXXX

int unicode_escape(std::string_view s, std::size_t i) {
  if (i + kUnicodeEscape > s.size() || s[i] != '\\') return -1;
  if ((s[i + 1] != 'U' && s[i + 1] != 'u') || s[i + 2] != '+') return -1;
  return hex4(s, i + 3);
}

char32_t multibyte_escape(std::string_view s, std::size_t i) {
  static constexpr CodePage kPages[] = {932, 950, 949, 1361, 936};
  if (i + kMultibyteEscape > s.size() || s[i] != '\\') return 0;
  if ((s[i + 1] != 'M' && s[i + 1] != 'm') || s[i + 2] != '+') return 0;
  if (s[i + 3] < '1' || s[i + 3] > '5') return 0;
  const int code = hex4(s, i + 4);
  if (code < 0) return 0;
  if (code < 0x80) return static_cast<char32_t>(code);
  const CodePage page = kPages[s[i + 3] - '1'];
  if (code > 0xFF)
    return double_byte_char(page, static_cast<std::uint8_t>(code >> 8),
                            static_cast<std::uint8_t>(code & 0xFF));
  return page == 932 && code >= 0xA1 && code <= 0xDF ? 0xFF61 + static_cast<char32_t>(code - 0xA1)
                                                     : 0;
}

std::string resolve_escapes(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t slash = std::min(s.find('\\', i), s.size());
    out.append(s, i, slash - i);
    i = slash;
    if (i == s.size()) break;
    if (const int unit = unicode_escape(s, i); unit >= 0) {
      i += kUnicodeEscape;
      auto c = static_cast<char32_t>(unit);
      if (c >= 0xD800 && c < 0xDC00) {
        const int low = unicode_escape(s, i);
        if (low >= 0xDC00 && low < 0xE000) {
          c = 0x10000 + ((c - 0xD800) << 10) + static_cast<char32_t>(low - 0xDC00);
          i += kUnicodeEscape;
        }
      }
      append_utf8(c, out);
    } else if (const char32_t c = multibyte_escape(s, i); c != 0) {
      append_utf8(c, out);
      i += kMultibyteEscape;
    } else {
      out.push_back(s[i++]);
    }
  }
  return out;
}

bool has_escape(std::string_view s) {
  for (std::size_t i = s.find('\\'); i != std::string_view::npos; i = s.find('\\', i + 1))
    if (i + 2 < s.size() && s[i + 2] == '+') return true;
  return false;
}

}  // namespace

bool is_double_byte(CodePage page) {
  return std::ranges::any_of(detail::double_byte_pages(),
                             [page](const auto& table) { return table.page == page; });
}

char32_t double_byte_char(CodePage page, std::uint8_t lead, std::uint8_t trail) {
  for (const auto& table : detail::double_byte_pages()) {
    if (table.page != page) continue;
    if (lead < table.first_lead || lead > table.last_lead || trail < table.first_trail ||
        trail > table.last_trail)
      return 0;
    const char* const row = table.rows[lead - table.first_lead];
    if (row == nullptr) return 0;
    const char* const cell = row + 3 * (trail - table.first_trail);
    return (detail::digit_value(cell[0]) * 41 + detail::digit_value(cell[1])) * 41 +
           detail::digit_value(cell[2]);
  }
  return 0;
}

std::size_t append_as_utf8(CodePage page, std::string_view bytes, std::string& out) {
  if (is_ascii(bytes)) {
    out.append(bytes);
    return 0;
  }
  if (page == kUtf8) return append_utf8_bytes(bytes, out);
  return is_double_byte(page) ? append_double_bytes(page, bytes, out)
                              : append_single_bytes(page, bytes, out);
}

bool is_ascii(std::string_view text) {
  std::size_t i = 0;
  std::uint64_t seen = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    seen |= word;
  }
  for (; i < text.size(); ++i) seen |= byte_at(text, i);
  return (seen & 0x8080808080808080u) == 0;
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = utf8_sequence(text, i);
    if (size == 0) return false;
    i += size;
  }
  return true;
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const std::size_t size = utf8_sequence(text, at);
  const std::uint8_t lead = byte_at(text, at++);
  if (size == 0) return kReplacement;
  if (size == 1) return lead;
  char32_t code = lead & (0x7Fu >> size);
  for (std::size_t k = 1; k < size; ++k) code = code << 6 | (byte_at(text, at++) & 0x3Fu);
  return code;
}

void append_utf8(char32_t c, std::string& out) {
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = kReplacement;
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
    return;
  }
  const auto tail = [&out](char32_t bits) {
    out.push_back(static_cast<char>(0x80 | (bits & 0x3F)));
  };
  if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0 | c >> 6));
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | c >> 12));
    tail(c >> 6);
  } else {
    out.push_back(static_cast<char>(0xF0 | c >> 18));
    tail(c >> 12);
    tail(c >> 6);
  }
  tail(c);
}

std::string decode_carets(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '^' && i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == ' ') {
      out.push_back('^');
      ++i;
    } else if (next >= 'A' && next <= '_') {
      out.push_back(static_cast<char>(next - '@'));
      ++i;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::string decode_cad_text(std::string_view raw, const CadText& how, CadTextIssues& issues) {
  std::string out;
  if (is_ascii(raw)) {
    if (!has_escape(raw)) return std::string(raw);
    return resolve_escapes(raw);
  }
  CodePage page = how.page;
  if ((how.utf8 || how.guess_utf8) && is_valid_utf8(raw)) {
    page = kUtf8;
  } else if (how.utf8) {
    issues.invalid_utf8 = true;
  }
  out.reserve(raw.size() + raw.size() / 2);
  issues.lost_bytes += append_as_utf8(page, raw, out);
  return has_escape(out) ? resolve_escapes(out) : out;
}

}  // namespace cad
