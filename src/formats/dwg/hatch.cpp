// SPDX-License-Identifier: Apache-2.0
// HATCH (ODA 20.4.75).
#include "formats/dwg/hatch.hpp"

#include <utility>

#include "formats/acad/hatch.hpp"
#include "model/aci.hpp"

namespace cad::dwg {
namespace {

constexpr double kDegrees = 180 / 3.14159265358979323846;
constexpr std::uint32_t kPolylineLoop = 2, kDerivedLoop = 4;

struct HatchReader {
  EntityIn& in;
  Hatch h{};
  bool full = false;  // no room for more: what follows can no longer be read

  bool going() const { return in.ok() && !full; }

  // A believable count of items of `bytes` each; large items count as several vertices.
  std::size_t items(std::uint64_t claimed, unsigned min_bits, std::size_t bytes) {
    const std::size_t each = (bytes + sizeof(Vec3) - 1) / sizeof(Vec3);
    const std::size_t count = in.count(claimed, min_bits);
    const std::size_t room = in.loader().room_for_vertices(count * each, in.type());
    full = full || room < count * each;
    return full ? 0 : count;
  }

  void read_gradient() {
    HatchGradient& g = h.gradient;
    g.active = in.bl() != 0;
    in.bl();
    g.angle = in.bd();
    g.shift = in.bd();
    g.one_color = in.bl() != 0;
    g.tint = in.bd();
    g.stops.resize(items(in.ubl(), 14, sizeof(HatchGradient::Stop)));
    for (HatchGradient::Stop& stop : g.stops) {
      stop.position = in.bd();
      const Color color = in.color();
      stop.color = color.kind == Color::Kind::rgb ? color.rgb : rgb_of_aci(color.index);
    }
    g.name = in.text();
    if (!g.active) g = {};
  }

  HatchLineEdge read_line() {
    HatchLineEdge e;
    e.start = in.rd2();
    e.end = in.rd2();
    return e;
  }

  HatchArcEdge read_arc() {
    HatchArcEdge e;
    e.center = in.rd2();
    e.radius = in.bd();
    e.start_angle_deg = in.bd() * kDegrees;
    e.end_angle_deg = in.bd() * kDegrees;
    e.counter_clockwise = in.b();
    return e;
  }

  HatchEllipseEdge read_ellipse() {
    HatchEllipseEdge e;
    e.center = in.rd2();
    e.major_axis = in.rd2();
    e.ratio = in.bd();
    e.start_angle_deg = in.bd() * kDegrees;
    e.end_angle_deg = in.bd() * kDegrees;
    e.counter_clockwise = in.b();
    return e;
  }

  HatchSplineEdge read_spline() {
    HatchSplineEdge e;
    const std::uint32_t degree = in.ubl();
    e.degree = degree >= 1 && degree <= 25 ? static_cast<std::uint16_t>(degree) : 3;
    e.rational = in.b();
    e.periodic = in.b();
    const std::uint32_t knots = in.ubl();
    const std::uint32_t points = in.ubl();
    e.knots.resize(items(knots, 2, sizeof(double)));
    for (double& knot : e.knots) knot = in.bd();
    e.control_points.resize(items(points, 128, sizeof(Vec3)));
    if (e.rational) e.weights.resize(e.control_points.size());
    for (std::size_t i = 0; i < e.control_points.size(); ++i) {
      e.control_points[i] = in.rd2();
      if (e.rational) e.weights[i] = in.bd();
    }
    if (in.from(Version::r2010) && going()) read_fit_points(e);
    return e;
  }

  // The tangents are there only with points; the specification has them always.
  void read_fit_points(HatchSplineEdge& e) {
    e.fit_points.resize(items(in.ubl(), 128, sizeof(Vec2)));
    for (Vec2& point : e.fit_points) point = in.rd2();
    if (e.fit_points.empty()) return;
    e.has_start_tangent = e.has_end_tangent = true;
    e.start_tangent = in.rd2();
    e.end_tangent = in.rd2();
  }

  void read_edges(HatchLoop& loop) {
    const std::size_t count = items(in.ubl(), 18, sizeof(HatchEdge));
    loop.edges.reserve(count);
    for (std::size_t i = 0; i < count && going(); ++i) {
      switch (in.rc()) {
        case 1: loop.edges.emplace_back(read_line()); break;
        case 2: loop.edges.emplace_back(read_arc()); break;
        case 3: loop.edges.emplace_back(read_ellipse()); break;
        case 4: loop.edges.emplace_back(read_spline()); break;
        default:
          in.warn("HATCH_EDGE_UNKNOWN",
                  "A boundary edge has a type that the format does not define.");
          in.fail();
      }
    }
  }

  void read_polyline(HatchLoop& loop) {
    loop.is_polyline = true;
    const bool has_bulges = in.b();
    loop.closed = in.b();
    loop.polyline.resize(items(in.ubl(), has_bulges ? 130 : 128, sizeof(LwVertex)));
    for (LwVertex& vertex : loop.polyline) {
      vertex.x = in.rd();
      vertex.y = in.rd();
      if (has_bulges) vertex.bulge = in.bd();
    }
  }

  void read_loops() {
    const std::size_t count = items(in.ubl(), 6, sizeof(HatchLoop));
    h.loops.reserve(count);
    for (std::size_t i = 0; i < count && going(); ++i) {
      HatchLoop& loop = h.loops.emplace_back();
      loop.flags = in.ubl();
      if ((loop.flags & kPolylineLoop) != 0) {
        read_polyline(loop);
      } else {
        read_edges(loop);
      }
      if (!going()) return;
      const std::size_t sources = in.handles().count(in.ubl(), 8);
      loop.sources.resize(in.loader().room_for_vertices(sources, in.type()));
      for (Handle& source : loop.sources) source = in.handle();
    }
  }

  void read_pattern() {
    h.pattern_angle_deg = in.bd() * kDegrees;
    h.pattern_scale = in.bd();
    h.pattern_double = in.b();
    h.pattern.resize(items(in.ubs(), 12, sizeof(HatchPatternLine)));
    for (HatchPatternLine& line : h.pattern) {
      if (!going()) return;
      line.angle_deg = in.bd() * kDegrees;
      line.base = in.bd2();
      line.offset = in.bd2();
      line.dashes.resize(items(in.ubs(), 2, sizeof(double)));
      for (double& dash : line.dashes) dash = in.bd();
    }
  }

  void read_tail() {
    const std::uint16_t style = in.ubs();
    const std::uint16_t type = in.ubs();
    h.style = style <= 2 ? static_cast<std::uint8_t>(style) : 0;
    h.pattern_type = type <= 2 ? static_cast<std::uint8_t>(type) : 1;
    if (!h.solid) read_pattern();
    bool derived = false;
    for (const HatchLoop& loop : h.loops) derived = derived || (loop.flags & kDerivedLoop) != 0;
    if (derived) h.pixel_size = in.bd();
    if (!going()) return;
    h.seeds.resize(items(in.ubl(), 128, sizeof(Vec2)));
    for (Vec2& seed : h.seeds) seed = in.rd2();
  }
};

}  // namespace

Geometry read_hatch(EntityIn& in) {
  HatchReader reader{in};
  Hatch& h = reader.h;
  if (in.from(Version::r2004)) reader.read_gradient();
  h.elevation = in.bd();
  in.entity().normal = in.bd3();
  h.pattern_name = in.text();
  h.solid = in.b();
  h.associative = in.b();
  reader.read_loops();
  if (reader.going()) reader.read_tail();
  acad::turn_angles_into_parameters(h);
  acad::take_hatch_background(in.xdata(acad::kHatchBackgroundApp), h);
  return Indirect<Hatch>(std::move(h));
}

}  // namespace cad::dwg
