// SPDX-License-Identifier: Apache-2.0
#include "text/shaper.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "text/bidi.hpp"
#include "text/tables/shx_cells.hpp"

namespace cad::text {
namespace {

// SHX big fonts draw an ideograph about as high as a capital.
constexpr double kBigFontEm = 1.1;
// A stand-in letter may take this share of the gap behind its cell before it is squeezed.
constexpr double kShareOfGap = 0.5;

bool in(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

bool is_ideographic(char32_t c) {
  return in(c, 0x1100, 0x11FF) || in(c, 0x2E80, 0xA4CF) || in(c, 0xAC00, 0xD7FF) ||
         in(c, 0xF900, 0xFAFF) || in(c, 0xFE30, 0xFE4F) || in(c, 0xFF00, 0xFFEF) ||
         in(c, 0x20000, 0x3FFFF);
}

// Marks, joining and reordering scripts: everything else is one glyph per character.
bool is_complex(char32_t c) {
  return in(c, 0x0300, 0x036F) || in(c, 0x0483, 0x0489) || in(c, 0x0590, 0x109F) ||
         in(c, 0x1100, 0x11FF) || in(c, 0x1700, 0x1CFF) || in(c, 0x1DC0, 0x1DFF) ||
         in(c, 0x20D0, 0x20FF) || in(c, 0x302A, 0x302F) || in(c, 0x3099, 0x309A) ||
         in(c, 0xA800, 0xABFF) || in(c, 0xFB1D, 0xFDFF) || in(c, 0xFE20, 0xFE2F) ||
         in(c, 0xFE70, 0xFEFE);
}

bool is_mark(char32_t c) {
  return in(c, 0x0300, 0x036F) || in(c, 0x20D0, 0x20FF) || in(c, 0xFE20, 0xFE2F);
}

bool is_invisible(char32_t c) {
  return c < 32 || in(c, 0x7F, 0x9F) || c == 0xAD || in(c, 0x200B, 0x200F) ||
         in(c, 0x202A, 0x202E) || in(c, 0x2060, 0x206F) || in(c, 0xFE00, 0xFE0F) || c == 0xFEFF;
}

double em_of(const FontChoice& font, const CharacterFace& face, bool ideographic) {
  if (font.shx != nullptr && ideographic) return kBigFontEm;
  return 1.0 / face.cap_height();
}

// Puts one ASCII character into its SHX cell; returns the cell's advance.
double place_in_cell(const ShxCells& cells, const AsciiGlyph& glyph, char32_t code, double pen,
                     ShapedGlyph& out) {
  const double advance = cells.advance[code - 32] / cells.cap;
  const double gap = cells.gap / cells.cap, ink_cell = std::max(advance - gap, 0.0);
  const double ink = double{glyph.ink_max - glyph.ink_min} * out.em,
               room = ink_cell + kShareOfGap * gap;
  const double squeeze = ink > room ? room / ink : 1;
  const double lead = (ink_cell - ink * squeeze) / 2;
  out.squeeze = static_cast<float>(squeeze);
  out.offset.x = pen + lead - double{glyph.ink_min} * out.em * squeeze;
  return advance;
}

ShapedText shape_ascii(const FontChoice& font, const FontFace& face, std::string_view text,
                       std::size_t max_glyphs) {
  ShapedText out;
  const auto& glyphs = face.ascii();
  const double em = 1.0 / face.cap_height();
  out.glyphs.reserve(std::min(text.size(), max_glyphs));
  for (std::size_t i = 0; i < text.size() && out.glyphs.size() < max_glyphs; ++i) {
    const auto code = static_cast<unsigned char>(text[i]);
    if (code < 32 || code > 126) continue;
    const AsciiGlyph& glyph = glyphs[code - 32u];
    ShapedGlyph shaped{&face, glyph.id,         static_cast<float>(em),
                       1,     {out.advance, 0}, static_cast<std::uint32_t>(i)};
    out.advance += font.shx != nullptr ? place_in_cell(*font.shx, glyph, code, out.advance, shaped)
                                       : double{glyph.advance} * em;
    out.glyphs.push_back(shaped);
  }
  if (font.shx != nullptr && !out.glyphs.empty()) out.trailing = font.shx->gap / font.shx->cap;
  return out;
}

}  // namespace

Shaper::~Shaper() {
  if (buffer_ != nullptr) hb_buffer_destroy(buffer_);
}

void Shaper::decode(std::string_view utf8, std::size_t max_codes) {
  codes_.clear();
  offsets_.clear();
  for (std::size_t at = 0; at < utf8.size() && codes_.size() < max_codes;) {
    const auto offset = static_cast<std::uint32_t>(at);
    const char32_t code = next_code_point(utf8, at);
    if (is_invisible(code)) continue;
    codes_.push_back(code);
    offsets_.push_back(offset);
  }
}

void Shaper::itemize(const FontChoice& font, std::size_t begin, std::size_t end) {
  items_.clear();
  for (std::size_t i = begin; i < end; ++i) {
    const char32_t code = codes_[i];
    const CharacterFace* face = nullptr;
    if (!items_.empty() && (is_mark(code) || code == U' ')) {
      const CharacterFace* const same = items_.back().face;
      if (same->glyph_of(code) != 0) face = same;
    }
    for (std::size_t k = 0; face == nullptr && k < font.faces.size(); ++k) {
      const auto* const candidate = static_cast<const CharacterFace*>(font.faces[k]);
      if (candidate->glyph_of(code) != 0) face = candidate;
    }
    // None has it: the first one shows its box.
    if (face == nullptr) face = static_cast<const CharacterFace*>(font.faces.front());
    const bool complex = is_complex(code);
    if (!items_.empty() && items_.back().face == face) {
      items_.back().end = i + 1;
      items_.back().complex |= complex;
    } else {
      items_.push_back({i, i + 1, face, complex});
    }
  }
}

void Shaper::shape_simple(const FontChoice& font, const Item& item, ShapedText& out) const {
  for (std::size_t i = item.begin; i < item.end; ++i) {
    const char32_t code = codes_[i];
    const bool wide = is_ideographic(code);
    ShapedGlyph glyph{
        item.face,        0,          static_cast<float>(em_of(font, *item.face, wide)), 1,
        {out.advance, 0}, offsets_[i]};
    out.trailing = 0;
    if (font.shx != nullptr && code >= 32 && code < 127 && item.face == font.faces.front()) {
      const AsciiGlyph& ascii = static_cast<const FontFace*>(item.face)->ascii()[code - 32];
      glyph.id = ascii.id;
      out.advance += place_in_cell(*font.shx, ascii, code, out.advance, glyph);
      out.trailing = font.shx->gap / font.shx->cap;
    } else {
      glyph.id = item.face->glyph_of(code == 0xA0 ? U' ' : code);
      out.advance += item.face->advance(glyph.id) * double{glyph.em};
    }
    out.glyphs.push_back(glyph);
  }
}

void Shaper::shape_complex(const FontChoice& font, const Item& item, bool right_to_left,
                           ShapedText& out) {
  if (buffer_ == nullptr) buffer_ = hb_buffer_create();
  hb_buffer_clear_contents(buffer_);
  hb_script_t script = HB_SCRIPT_COMMON;
  hb_unicode_funcs_t* const unicode = hb_unicode_funcs_get_default();
  for (std::size_t i = item.begin; i < item.end; ++i) {
    hb_buffer_add(buffer_, codes_[i], offsets_[i]);
    const hb_script_t own = hb_unicode_script(unicode, codes_[i]);
    const bool real = own != HB_SCRIPT_COMMON && own != HB_SCRIPT_INHERITED;
    if (script == HB_SCRIPT_COMMON && real) script = own;
  }
  hb_buffer_set_content_type(buffer_, HB_BUFFER_CONTENT_TYPE_UNICODE);
  hb_buffer_set_direction(buffer_, right_to_left ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
  hb_buffer_set_script(buffer_, script == HB_SCRIPT_COMMON ? HB_SCRIPT_LATIN : script);
  hb_buffer_set_language(buffer_, hb_language_from_string("und", -1));
  // CAD programs set letters by their advances alone.
  constexpr std::array<hb_feature_t, 2> kFeatures = {
      hb_feature_t{HB_TAG('k', 'e', 'r', 'n'), 0, 0, HB_FEATURE_GLOBAL_END},
      hb_feature_t{HB_TAG('l', 'i', 'g', 'a'), 0, 0, HB_FEATURE_GLOBAL_END}};
  static constexpr const char* kShapers[] = {"ot", nullptr};
  hb_shape_full(item.face->shaper(), buffer_, kFeatures.data(), kFeatures.size(), kShapers);

  unsigned count = 0;
  const hb_glyph_info_t* const infos = hb_buffer_get_glyph_infos(buffer_, &count);
  const hb_glyph_position_t* const positions = hb_buffer_get_glyph_positions(buffer_, &count);
  const double em = em_of(font, *item.face, false);
  const double scale = em / std::max(1u, hb_face_get_upem(hb_font_get_face(item.face->shaper())));
  for (unsigned i = 0; i < count; ++i) {
    out.glyphs.push_back(
        {item.face,
         infos[i].codepoint,
         static_cast<float>(em),
         1,
         {out.advance + positions[i].x_offset * scale, positions[i].y_offset * scale},
         infos[i].cluster});
    out.advance += positions[i].x_advance * scale;
  }
  out.trailing = 0;
}

ShapedText Shaper::shape(const FontChoice& font, std::string_view utf8, std::size_t max_glyphs) {
  if (font.faces.empty() || max_glyphs == 0) return {};
  const bool ascii = std::none_of(utf8.begin(), utf8.end(),
                                  [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (ascii) {
    return shape_ascii(font, *static_cast<const FontFace*>(font.faces.front()), utf8, max_glyphs);
  }
  ShapedText out;
  decode(utf8, max_glyphs);
  for (const BidiRun& run : bidi_runs(codes_)) {
    itemize(font, run.begin, run.end);
    if (run.right_to_left) std::reverse(items_.begin(), items_.end());
    for (const Item& item : items_) {
      if (item.face->shaper() != nullptr && (item.complex || run.right_to_left)) {
        shape_complex(font, item, run.right_to_left, out);
      } else {
        shape_simple(font, item, out);
      }
    }
  }
  if (out.glyphs.size() > max_glyphs) out.glyphs.resize(max_glyphs);
  return out;
}

}  // namespace cad::text
