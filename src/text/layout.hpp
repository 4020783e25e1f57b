// SPDX-License-Identifier: Apache-2.0
// Text entities -> positioned glyph runs, rules (under-/overlines, fraction bars) and their box, in
// the entity's own plane (OCS for TEXT, the MTEXT's plane for MTEXT): origin and axes resolved by
// the scene.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "geom/path.hpp"
#include "model/drawing.hpp"
#include "text/fonts.hpp"

namespace cad::text {

struct PlacedRun {
  const Face* face = nullptr;
  Affine to_plane;  // run space (em) -> the entity's plane
  std::vector<Glyph> glyphs;
  float embolden = 0;
  std::optional<Color> color;  // MTEXT \C; none = the entity's
  std::string text;
};
struct PlacedRule {  // a filled quadrilateral
  Vec2 corners[4];
  std::optional<Color> color;
};
struct LaidOutText {
  std::vector<PlacedRun> runs;
  std::vector<PlacedRule> rules;
  Box2 box;  // of ink, in the plane
  // MTEXT: the text's frame (for background fill and frames), counter-clockwise; empty otherwise.
  std::vector<Vec2> frame;
};

// TEXT/ATTRIB in OCS: all alignments incl. aligned and fit, width factor, oblique, mirror flags.
LaidOutText layout_text(const Text& text, const Drawing& drawing, FontLibrary& fonts,
                        const Limits& limits);
// The same in a style that is not the text's own.
LaidOutText layout_text(const Text& text, const TextStyle& style, FontLibrary& fonts,
                        const Limits& limits);
// MTEXT in its own plane: origin at the insertion point, x along the text direction.
LaidOutText layout_mtext(const MText& text, const Drawing& drawing, FontLibrary& fonts,
                         const Limits& limits);
// TOLERANCE: frames, cells and symbols; origin at its position, x along its direction.
LaidOutText layout_tolerance(const Tolerance& tolerance, double height, const Drawing& drawing,
                             FontLibrary& fonts, const Limits& limits);

}  // namespace cad::text
