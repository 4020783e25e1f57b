// SPDX-License-Identifier: Apache-2.0
// The texts of proxy graphics: 8-bit or UTF-16, with and without a style of their own.
#include <numbers>

#include "geom/ocs.hpp"
#include "geom/proxy_graphics.hpp"

namespace cad {
namespace {

constexpr double kDegrees = 180 / std::numbers::pi;

void skip_padding(ProxyBytes& in) { in.skip((4 - in.position() % 4) % 4); }

std::string read_bytes(ProxyBytes& in, const CadText& encoding) {
  std::string raw;
  while (in.left() > 0) {
    const auto c = static_cast<char>(in.take(1)[0]);
    if (c == 0) break;
    raw.push_back(c);
  }
  CadTextIssues issues;
  return decode_cad_text(raw, encoding, issues);
}

std::string read_utf16(ProxyBytes& in) {
  std::string text;
  char32_t high = 0;
  while (in.left() >= 2) {
    const auto bytes = in.take(2);
    const char32_t unit = bytes[0] | static_cast<char32_t>(bytes[1]) << 8;
    if (unit == 0) break;
    if (unit >= 0xDC00 && unit < 0xE000 && high != 0) {
      append_utf8(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00), text);
      high = 0;
      continue;
    }
    if (high != 0) append_utf8(high, text);
    high = unit >= 0xD800 && unit < 0xDC00 ? unit : 0;
    if (high == 0) append_utf8(unit, text);
  }
  return text;
}

// Ends with a zero and fills up to four bytes (the last one of a chunk need not).
std::string read_string(ProxyBytes& in, ProxyString kind, const CadText& encoding) {
  std::string text = kind == ProxyString::utf16 ? read_utf16(in) : read_bytes(in, encoding);
  if (in.left() >= (4 - in.position() % 4) % 4) skip_padding(in);
  return text;
}

ProxyText read_place(ProxyBytes& in) {
  ProxyText text;
  text.origin = in.rd3();
  const Vec3 normal = Ocs(in.rd3()).z;
  const Vec3 direction = in.rd3();
  const double size = length(direction);
  text.x = size > 1e-12 ? direction * (1 / size) : Ocs(normal).x;
  text.y = cross(normal, text.x);
  return text;
}

void read_size(ProxyBytes& in, ProxyText& text) {
  text.height = in.rd();
  text.width_factor = in.rd();
  text.oblique_deg = in.rd() * kDegrees;
}

}  // namespace

ProxyText read_proxy_text(ProxyBytes& in, ProxyString kind, const CadText& encoding) {
  ProxyText text = read_place(in);
  read_size(in, text);
  text.value = read_string(in, kind, encoding);
  return text;
}

ProxyText read_proxy_styled_text(ProxyBytes& in, ProxyString kind, const CadText& encoding) {
  ProxyText text = read_place(in);
  text.value = read_string(in, kind, encoding);
  in.rl();  // length
  in.rl();  // whether codes are taken literally
  read_size(in, text);
  in.rd();  // tracking
  text.backward = in.rl() != 0;
  text.upside_down = in.rl() != 0;
  in.rl();  // vertical
  text.underlined = in.rl() != 0;
  text.overlined = in.rl() != 0;
  if (kind == ProxyString::utf16) {
    text.bold = in.rl() != 0;
    text.italic = in.rl() != 0;
    in.rl();  // character set
    in.rl();  // pitch and family
    text.typeface = read_string(in, kind, encoding);
  }
  text.font_file = read_string(in, kind, encoding);
  return text;
}

}  // namespace cad
