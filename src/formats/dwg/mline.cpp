// SPDX-License-Identifier: Apache-2.0
// MLINE (ODA 20.4.50) and MLINESTYLE (20.4.73).
#include "formats/dwg/mline.hpp"

#include <array>
#include <utility>

namespace cad::dwg {
namespace {

constexpr double kDegrees = 180 / 3.14159265358979323846;

void read_params(EntityIn& in, std::vector<double>& params) {
  params.resize(in.vertex_count(in.ubs(), 2));
  for (double& param : params) param = in.bd();
}

// The lists of a vertex are many and small: each takes of the budget what it takes of memory.
bool room_for_lists(EntityIn& in, std::size_t elements) {
  const std::size_t wanted = elements * 2 + sizeof(MLineVertex) / sizeof(Vec3);
  return in.loader().room_for_vertices(wanted, in.type()) == wanted;
}

}  // namespace

Geometry read_mline(EntityIn& in) {
  MLine m;
  m.scale = in.bd();
  const std::uint8_t justification = in.rc();
  m.justification = justification <= 2 ? justification : 0;
  in.bd3();  // start point, also the first vertex
  in.entity().normal = in.bd3();
  m.flags = in.ubs();
  const std::uint8_t elements = in.rc();
  const std::size_t vertices = in.count(in.ubs(), 18 + 4u * elements);
  for (std::size_t i = 0; i < vertices && in.ok() && room_for_lists(in, elements); ++i) {
    MLineVertex& vertex = m.vertices.emplace_back();
    vertex.position = in.bd3();
    vertex.direction = in.bd3();
    vertex.miter = in.bd3();
    vertex.line_params.resize(elements);
    vertex.fill_params.resize(elements);
    for (std::size_t k = 0; k < elements && in.ok(); ++k) {
      read_params(in, vertex.line_params[k]);
      read_params(in, vertex.fill_params[k]);
    }
  }
  const auto& styles = in.loader().mline_styles();
  if (const auto it = styles.find(in.handle()); it != styles.end()) {
    m.style = it->second;
    m.style_name = in.drawing().at(m.style).name;
  }
  return Indirect<MLine>(std::move(m));
}

namespace {

// Some bits of the style stand elsewhere than in DXF group 70.
std::uint16_t style_flags(std::uint16_t stored) {
  static constexpr std::array<std::pair<std::uint16_t, std::uint16_t>, 8> kPairs{{
      {1, 2},       // miters
      {2, 1},       // fill
      {16, 16},     // start: square cap
      {32, 64},     // start: round cap
      {64, 32},     // start: inner arcs
      {256, 256},   // end: square cap
      {512, 1024},  // end: round cap
      {1024, 512},  // end: inner arcs
  }};
  std::uint16_t flags = 0;
  for (const auto& [from, to] : kPairs)
    if ((stored & from) != 0) flags = static_cast<std::uint16_t>(flags | to);
  return flags;
}

// Before 2018 linetypes are given by their place in the table, whose order the drawing keeps.
LinetypeId linetype_at(const Drawing& drawing, std::uint16_t place) {
  constexpr std::uint16_t kByLayer = 0x7fff, kByBlock = 0x7ffe;
  if (place == kByLayer) return kByLayerLinetype;
  if (place == kByBlock) return kByBlockLinetype;
  return place < drawing.linetypes.size() ? LinetypeId{place} : LinetypeId{};
}

}  // namespace

void read_mline_style(ObjectIn& in) {
  begin_object(in);
  MLineStyle style;
  style.handle = in.self();
  style.name = in.text();
  in.text();  // description
  style.flags = style_flags(in.ubs());
  style.fill_color = in.color();
  style.start_angle_deg = in.bd() * kDegrees;
  style.end_angle_deg = in.bd() * kDegrees;
  style.elements.resize(in.count(in.rc(), 10));
  for (MLineStyle::Element& element : style.elements) {
    element.offset = in.bd();
    element.color = in.color();
    element.linetype = in.from(Version::r2018) ? in.loader().linetype(in.handle())
                                               : linetype_at(in.loader().drawing(), in.ubs());
  }
  std::vector<MLineStyle>& styles = in.loader().drawing().mline_styles;
  if (!in.ok() || !in.loader().room_for_record()) return;
  in.loader().mline_styles()[in.self()] = {static_cast<std::uint32_t>(styles.size())};
  styles.push_back(std::move(style));
}

}  // namespace cad::dwg
