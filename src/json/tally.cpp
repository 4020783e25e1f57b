// SPDX-License-Identifier: Apache-2.0
#include "json/tally.hpp"

#include <algorithm>
#include <utility>

#include "json/entity.hpp"

namespace cad::json {
namespace {

bool all_level(const auto& points, const auto& position_of) {
  return std::all_of(points.begin(), points.end(), [&](const auto& p) {
    return position_of(p).z == position_of(points.front()).z;
  });
}

// Whether the entity leaves the horizontal planes: bodies, meshes, slopes. Extruded and tilted
// entities are told by their thickness and normal.
bool leaves_plane(const Line& g) { return g.start.z != g.end.z; }
bool leaves_plane(const Solid& g) {
  return g.kind == Solid::Kind::face3d && !all_level(g.corners, [](Vec3 p) { return p; });
}
bool leaves_plane(const Indirect<Polyline>& g) {
  if (g->kind == Polyline::Kind::poly2d) return false;
  return g->kind != Polyline::Kind::poly3d ||
         !all_level(g->vertices, [](const PolyVertex& v) { return v.position; });
}
bool leaves_plane(const Indirect<Spline>& g) {
  return !all_level(g->control_points, [](Vec3 p) { return p; }) ||
         !all_level(g->fit_points, [](Vec3 p) { return p; });
}
bool leaves_plane(const Indirect<Helix>&) { return true; }
bool leaves_plane(const Indirect<Mesh>&) { return true; }
bool leaves_plane(const Indirect<AcisBody>& g) { return g->type != "REGION"; }
template <class T>
bool leaves_plane(const T&) {
  return false;
}

bool is_3d(const Entity& entity) {
  if (entity.thickness != 0 || entity.normal.x != 0 || entity.normal.y != 0) return true;
  return std::visit([](const auto& g) { return leaves_plane(g); }, entity.geometry);
}

bool lacks_wireframe(const Entity& entity) {
  const auto* body = std::get_if<Indirect<AcisBody>>(&entity.geometry);
  return body != nullptr && (*body)->edges.empty();
}

void count(Tally& t, SheetTally& sheet, const Entity& entity) {
  const std::uint32_t type = t.types.number(entity);
  if (type >= t.by_type.size()) t.by_type.resize(type + 1);
  ++t.by_type[type];
  ++t.by_category[static_cast<std::size_t>(category(entity))];
  ++t.entities;
  ++sheet.entities;
  if (!t.is_3d) t.is_3d = is_3d(entity);
  if (lacks_wireframe(entity)) ++t.unsupported_3d;
}

// Counts by layer, one sheet after the other.
class LayerCounts {
 public:
  explicit LayerCounts(std::size_t layers) : counts_(layers) {}
  void add(LayerId layer) {
    if (layer.index < counts_.size() && counts_[layer.index]++ == 0) met_.push_back(layer.index);
  }
  std::vector<SheetTally::OnLayer> take() {
    std::sort(met_.begin(), met_.end());
    std::vector<SheetTally::OnLayer> out;
    for (const std::uint32_t layer : met_) out.push_back({layer, std::exchange(counts_[layer], 0)});
    met_.clear();
    return out;
  }

 private:
  std::vector<std::uint64_t> counts_;
  std::vector<std::uint32_t> met_;
};

}  // namespace

std::uint32_t TypeNames::number(const Entity& entity) {
  const std::string_view name = result_type(entity);
  Last& last = last_[entity.geometry.index()];
  // Names of ours are literals: the same address is the same name. Names of the file are not.
  const bool literal = !std::holds_alternative<Indirect<Unknown>>(entity.geometry) &&
                       !std::holds_alternative<Indirect<AcisBody>>(entity.geometry);
  if (literal && last.data == name.data()) return last.number;
  const auto [it, added] =
      numbers_.emplace(std::string(name), static_cast<std::uint32_t>(names_.size()));
  if (added) names_.emplace_back(name);
  last = {name.data(), it->second};
  return it->second;
}

LayerFilter make_filter(const Drawing& drawing, const std::vector<LayerId>& only) {
  if (only.empty()) return {};
  LayerFilter filter(drawing.layers.size(), false);
  for (const LayerId id : only)
    if (id.index < filter.size()) filter[id.index] = true;
  return filter;
}

const std::vector<Entity>& entities_of(const Drawing& drawing, const SheetFacts& sheet) {
  static const std::vector<Entity> none;
  const BlockId block = drawing.layouts[sheet.layout].block;
  return block.valid() ? drawing.at(block).entities : none;
}

Tally tally(const Drawing& drawing, const std::vector<SheetFacts>& sheets,
            const LayerFilter& filter) {
  Tally t;
  LayerCounts layers(drawing.layers.size());
  for (const SheetFacts& facts : sheets) {
    SheetTally& sheet = t.sheets.emplace_back();
    for_each_in_document_order(entities_of(drawing, facts),
                               [&](const Entity& entity, auto, auto, bool) {
                                 if (!passes(filter, entity)) return;
                                 count(t, sheet, entity);
                                 layers.add(entity.layer);
                               });
    sheet.layers = layers.take();
  }
  return t;
}

}  // namespace cad::json
