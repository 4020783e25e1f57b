// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "base/indirect.hpp"
#include "base/vec.hpp"
#include "model/blocks.hpp"
#include "model/curves.hpp"
#include "model/dimensions.hpp"
#include "model/hatch.hpp"
#include "model/ids.hpp"
#include "model/images.hpp"
#include "model/polylines.hpp"
#include "model/solids.hpp"
#include "model/style.hpp"
#include "model/text.hpp"

namespace cad {

// Every entity is one of these. Large, rare ones live behind Indirect so that a Line stays small.
// A new alternative does not compile until scene, geom and json know it.
using Geometry =
    std::variant<Line, Point, Circle, Arc, Ellipse, Indirect<Spline>, Ray, XLine, Indirect<Helix>,
                 LwPolyline, Indirect<Polyline>, Indirect<MLine>, Text, Indirect<MText>,
                 Indirect<Attribute>, Indirect<Tolerance>, Indirect<Shape>, Indirect<Insert>,
                 Indirect<Hatch>, Indirect<Dimension>, Indirect<Leader>, Indirect<MLeader>,
                 Indirect<Table>, Indirect<Viewport>, Solid, Indirect<Mesh>, Indirect<AcisBody>,
                 Indirect<Image>, Indirect<Underlay>, Indirect<OleFrame>, Indirect<Unknown>>;
static_assert(sizeof(Geometry) <= 136);

struct Entity {
  Handle handle = 0;
  LayerId layer;
  LinetypeId linetype;  // none = ByLayer
  Color color;
  std::int16_t lineweight = kLineweightByLayer;
  Transparency transparency;
  bool visible = true;       // group 60
  bool paper_space = false;  // group 67
  float linetype_scale = 1;
  ExtraId extra;  // Drawing::extras: xdata and extension dictionary values
  double thickness = 0;
  Vec3 normal{0, 0, 1};  // extrusion direction (group 210)
  Geometry geometry;
};

// The DXF name: "LINE", "3DFACE", "ACAD_TABLE" ... For Unknown and AcisBody what the file says.
std::string_view type_name(const Entity& entity);

// "Geometry", "Annotation", "BlockReference", "Hatch" or "Other" (contract/result.md).
enum class Category : std::uint8_t { geometry, annotation, block_reference, hatch, other };
Category category(const Entity& entity);
std::string_view to_string(Category category);

}  // namespace cad
