// SPDX-License-Identifier: Apache-2.0
// The narrow waist: entities become these few primitives once. The PNG, extents and the scene
// artefact are sinks; none of them knows an entity type. Coordinates are the sheet's (model space:
// WCS seen from +Z; layouts: paper units), doubles, y up.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/vec.hpp"
#include "geom/path.hpp"
#include "model/ids.hpp"
#include "model/style.hpp"

namespace cad::text {
class Face;
}

namespace cad::scene {

struct Rgba {
  std::uint8_t r = 0, g = 0, b = 0, a = 255;
  friend bool operator==(const Rgba&, const Rgba&) = default;
};

// Black or white, whichever shows on the background: ACI 7's resolution is done by the scene from
// SceneOptions::background.
struct Pen {
  Rgba color;
  float width_mm = 0;     // plotted width; 0 = hairline (one pixel)
  float width_units = 0;  // > 0: a width in drawing units instead (scales with the drawing)
};

enum class FillRule : std::uint8_t { non_zero, even_odd };

struct Gradient {  // linear along `from`..`to`, or radial about `from` with radius |to-from|
  bool radial = false;
  Vec2 from, to;
  struct Stop {
    float position;
    Rgba color;
  };
  std::vector<Stop> stops;
};

struct Brush {
  Rgba color;
  const Gradient* gradient = nullptr;  // valid during the call
};

// Glyphs of one face and color. `to_sheet` maps run space (em units, y up) to the sheet.
struct GlyphRun {
  const text::Face* face = nullptr;
  Affine to_sheet;
  Rgba color;
  float embolden = 0;  // em units, synthetic bold
  std::vector<Glyph> glyphs;
  std::string_view text;  // UTF-8 of the run, for search and accessibility
};

// A picture we do not decode: its frame and name. The backend draws a frame with a caption.
struct ImageFrame {
  Vec2 corner, u, v;
  std::string_view path;
};

struct EntityRef {
  static constexpr std::uint32_t kUnlisted = ~std::uint32_t{0};
  std::uint32_t index = 0;  // place in the sheet's entities[] of the result
  Handle handle = 0;
  LayerId layer;  // the effective layer of what follows (inside inserts it may change)
};

class Sink {
 public:
  virtual ~Sink() = default;
  // False skips work whose result the sink ignores: hatch pattern lines, dashes (extents).
  virtual bool wants_detail() const { return true; }
  // True: takes nothing more; going on is in vain.
  virtual bool full() const { return false; }
  virtual void begin_entity(const EntityRef& entity) { (void)entity; }
  virtual void stroke(const Path& path, const Pen& pen) = 0;
  virtual void fill(const Path& path, FillRule rule, const Brush& brush) = 0;
  virtual void glyphs(const GlyphRun& run) = 0;
  virtual void image(const ImageFrame& frame) = 0;
  // Clips what follows to the (even-odd) path until the matching pop.
  virtual void push_clip(const Path& path) = 0;
  virtual void pop_clip() = 0;
};

}  // namespace cad::scene
