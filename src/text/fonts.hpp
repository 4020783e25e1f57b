// SPDX-License-Identifier: Apache-2.0
// Fonts: which open font stands in for the one a drawing names, and its glyphs. All font files are
// opened by open_system_fonts() before the sandbox closes; nothing is opened later.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/vec.hpp"
#include "geom/path.hpp"
#include "model/tables.hpp"

namespace cad::text {

class Face {  // one font file, one instance; immutable once loaded
 public:
  virtual ~Face() = default;
  virtual std::uint32_t id() const = 0;       // stable in a run: index into FontLibrary::faces()
  virtual std::string_view name() const = 0;  // "Liberation Sans"
  // Outline in em units, y up; cached. Empty for blanks.
  virtual const Path& outline(std::uint32_t glyph) const = 0;
  virtual Box2 extents(std::uint32_t glyph) const = 0;  // of the outline
  virtual double advance(std::uint32_t glyph) const = 0;
  virtual double cap_height() const = 0;  // em units: AutoCAD text height is cap height
  virtual double ascent() const = 0;
  virtual double descent() const = 0;  // positive, below the baseline
};

struct ShapedGlyph {
  const Face* face = nullptr;
  std::uint32_t id = 0;
  float em = 1;       // the face's em in text heights
  float squeeze = 1;  // of the outline's width: wide letters in the narrow cells of SHX fonts
  Vec2 offset;        // from the line's origin, em units of cap height 1 (see ShapedText)
  std::uint32_t cluster = 0;  // byte offset in the text
};

// Shaped in units of the text height (cap height = 1), so a text of height h is scaled by h.
struct ShapedText {
  std::vector<ShapedGlyph> glyphs;
  double advance = 0;   // width, units of text height
  double trailing = 0;  // blank at its end that alignment ignores (SHX fonts)
};

struct ShxCells;  // advances of an SHX font's characters: text/tables/shx_cells.hpp

// All lengths that shape() gives are still to be multiplied by width_scale.
struct FontChoice {
  std::vector<const Face*> faces;  // preferred first, then fallbacks by script
  double width_scale = 1;          // to the width of the font that the drawing names
  double descent = 0.3;            // below the baseline, units of text height
  const ShxCells* shx = nullptr;   // an SHX font's stand-in keeps the original's advances
  bool synthetic_bold = false, synthetic_italic = false;
  bool substituted = false;  // an unknown font: nothing is known of its looks
};

class FontLibrary {
 public:
  virtual ~FontLibrary() = default;
  // Opens the known font files (descriptors only; mapped on first use). Missing ones are skipped;
  // with none at all text has no glyphs and the scene says so in a warning.
  static std::unique_ptr<FontLibrary> open_system_fonts();

  virtual FontChoice choose(const TextStyle& style) = 0;
  virtual FontChoice choose(std::string_view family_or_file, bool bold, bool italic) = 0;
  // Shapes one line (bidi, ligatures, fallback by glyph). Bounded by `max_glyphs`.
  virtual ShapedText shape(const FontChoice& font, std::string_view utf8,
                           std::size_t max_glyphs) = 0;
  virtual const std::vector<const Face*>& faces() const = 0;
};

}  // namespace cad::text
