// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/hatch.hpp"

#include <utility>

#include "formats/acad/hatch.hpp"
#include "formats/dxf/fields.hpp"
#include "model/aci.hpp"

namespace cad::dxf {
namespace {

// The same code means different things in each part.
enum class Part : std::uint8_t { head, loops, tail, seeds };

struct HatchReader {
  EntityTags& in;
  Hatch h;
  Part part = Part::head;
  std::size_t items = 0;  // edges, vertices, knots, dashes ... of this hatch, for the limit
  bool ignore_edge = false, ignore_loop = false;

  void take_group() {
    switch (part) {
      case Part::head: take_head(); return;
      case Part::loops: take_loop_group(); return;
      case Part::tail: take_tail(); return;
      case Part::seeds:
        if (in.code() == 10 || in.code() == 20)
          take_points(in, 10, h.seeds);
        else
          take_tail();
        return;
    }
  }

 private:
  bool room() { return in.room_for_vertex(items++); }
  bool room_for(std::size_t bytes) { return room_for_item(in, items++, bytes); }

  void take_head() {
    switch (in.code()) {
      case 30: h.elevation = in.number(); break;
      case 2: h.pattern_name = in.text(); break;
      case 63:
      case 421: take_fill_color(); break;
      case 70:  // of MPOLYGON the version
        if (!h.is_mpolygon) h.solid = in.flag();
        break;
      case 71:
        if (h.is_mpolygon)
          h.solid = in.flag();
        else
          h.associative = in.flag();
        break;
      case 91: part = Part::loops; break;
      default: take_tail(); break;
    }
  }

  void take_fill_color() {
    if (!h.is_mpolygon) return;
    h.has_fill_color = true;
    if (in.code() == 63) {
      h.fill_color = color_of_aci(in.integer());
    } else {
      h.fill_color.kind = Color::Kind::rgb;
      h.fill_color.rgb = rgb_of(in.integer());
    }
  }

  // 75 and what follows it end the loops; nothing in a loop has these codes.
  static bool ends_loops(int code) {
    return (code >= 75 && code <= 78) || code == 41 || code == 47 || code == 52 || code == 98 ||
           code >= 450;
  }

  void take_loop_group() {
    const int code = in.code();
    if (ends_loops(code)) {
      part = Part::tail;
      take_tail();
    } else if (code == 92) {
      start_loop(integer_as<std::uint32_t>(in));
    } else if (ignore_loop) {
      return;
    } else if (code == 330) {
      if (!h.loops.empty() && room()) h.loops.back().sources.push_back(in.handle());
    } else if (h.is_mpolygon && (code == 73 || code == 72) && needs_mpolygon_loop()) {
      start_loop(2);
      take_polyline_group();
    } else if (!h.loops.empty()) {
      if (h.loops.back().is_polyline)
        take_polyline_group();
      else
        take_edge_group();
    }
  }

  // An MPOLYGON may leave out 92; then a further 73 or 72 behind vertices starts the next loop.
  bool needs_mpolygon_loop() const {
    return h.loops.empty() || (h.loops.back().is_polyline && !h.loops.back().polyline.empty());
  }

  void start_loop(std::uint32_t flags) {
    ignore_edge = false;
    ignore_loop = !room_for(sizeof(HatchLoop));
    if (ignore_loop) return;
    HatchLoop& loop = h.loops.emplace_back();
    loop.flags = flags;
    loop.is_polyline = (flags & 2) != 0 || h.is_mpolygon;
  }

  void take_polyline_group() {
    HatchLoop& loop = h.loops.back();
    switch (in.code()) {
      case 73: loop.closed = in.flag(); break;
      case 10:
        in.point_dropped = !room();
        if (!in.point_dropped) loop.polyline.push_back({in.number()});
        break;
      case 20:
        if (!in.point_dropped && !loop.polyline.empty()) loop.polyline.back().y = in.number();
        break;
      case 42:
        if (!in.point_dropped && !loop.polyline.empty()) loop.polyline.back().bulge = in.number();
        break;
      default: break;
    }
  }

  void take_edge_group() {
    HatchLoop& loop = h.loops.back();
    if (in.code() == 72) {
      start_edge(loop, in.integer());
    } else if (!loop.edges.empty() && !ignore_edge) {
      std::visit([this](auto& edge) { take(edge); }, loop.edges.back());
    }
  }

  void start_edge(HatchLoop& loop, std::int64_t type) {
    ignore_edge = type < 1 || type > 4 || !room_for(sizeof(HatchEdge));
    if (type < 1 || type > 4)
      in.warn("HATCH_EDGE_UNKNOWN", "A boundary edge has a type that the format does not define.");
    if (ignore_edge) return;
    if (type == 1) loop.edges.emplace_back(HatchLineEdge{});
    if (type == 2) loop.edges.emplace_back(HatchArcEdge{});
    if (type == 3) loop.edges.emplace_back(HatchEllipseEdge{});
    if (type == 4) loop.edges.emplace_back(HatchSplineEdge{});
  }

  void take(HatchLineEdge& e) { take_point(in, 10, e.start) || take_point(in, 11, e.end); }

  void take(HatchArcEdge& e) {
    if (take_point(in, 10, e.center)) return;
    switch (in.code()) {
      case 40: e.radius = in.number(); break;
      case 50: e.start_angle_deg = in.number(); break;
      case 51: e.end_angle_deg = in.number(); break;
      case 73: e.counter_clockwise = in.flag(); break;
      default: break;
    }
  }

  void take(HatchEllipseEdge& e) {
    if (take_point(in, 10, e.center) || take_point(in, 11, e.major_axis)) return;
    switch (in.code()) {
      case 40: e.ratio = in.number(); break;
      case 50: e.start_angle_deg = in.number(); break;
      case 51: e.end_angle_deg = in.number(); break;
      case 73: e.counter_clockwise = in.flag(); break;
      default: break;
    }
  }

  // 97 counts the fit points here (2010 and later) and the source objects of the whole loop; the
  // groups that follow it, 11 or 330, say which.
  void take(HatchSplineEdge& e) {
    if (in.code() == 12) e.has_start_tangent = true;
    if (in.code() == 13) e.has_end_tangent = true;
    if (take_point(in, 12, e.start_tangent) || take_point(in, 13, e.end_tangent)) return;
    if (in.code() == 10 || in.code() == 11) ++items;
    if (take_points(in, 10, e.control_points) || take_points(in, 11, e.fit_points)) return;
    switch (in.code()) {
      case 94: e.degree = integer_in<std::uint16_t>(in, 1, 25, 3); break;
      case 73: e.rational = in.flag(); break;
      case 74: e.periodic = in.flag(); break;
      case 40:
        if (room()) e.knots.push_back(in.number());
        break;
      case 42:
        if (room()) e.weights.push_back(in.number());
        break;
      default: break;
    }
  }

  void take_tail() {
    switch (in.code()) {
      case 75: h.style = integer_in<std::uint8_t>(in, 0, 2, 0); break;
      case 76: h.pattern_type = integer_in<std::uint8_t>(in, 0, 2, 1); break;
      case 52: h.pattern_angle_deg = in.number(); break;
      case 41: h.pattern_scale = in.number(); break;
      case 77: h.pattern_double = in.flag(); break;
      case 47: h.pixel_size = in.number(); break;
      case 91: part = Part::loops; break;
      case 98: part = Part::seeds; break;
      case 11: h.offset.x = in.number(); break;
      case 21: h.offset.y = in.number(); break;
      default:
        if (in.code() >= 450 || h.gradient.active)
          take_gradient_group();
        else if (in.code() == 63 || in.code() == 421)
          take_fill_color();
        else
          take_pattern_group();
        break;
    }
  }

  void take_pattern_group() {
    if (in.code() == 53) {
      if (room_for(sizeof(HatchPatternLine))) h.pattern.push_back({in.number(), {}, {}, {}});
      return;
    }
    if (h.pattern.empty()) return;
    HatchPatternLine& line = h.pattern.back();
    switch (in.code()) {
      case 43: line.base.x = in.number(); break;
      case 44: line.base.y = in.number(); break;
      case 45: line.offset.x = in.number(); break;
      case 46: line.offset.y = in.number(); break;
      case 49:
        if (room()) line.dashes.push_back(in.number());
        break;
      default: break;
    }
  }

  // A stop is its position (463), an index (63) and, when it has one, a true color (421).
  void take_gradient_group() {
    HatchGradient& g = h.gradient;
    switch (in.code()) {
      case 450: g.active = in.integer() == 1; break;
      case 452: g.one_color = in.flag(); break;
      case 460: g.angle = in.number(); break;
      case 461: g.shift = in.number(); break;
      case 462: g.tint = in.number(); break;
      case 463:
        if (room()) g.stops.push_back({in.number(), {}});
        break;
      case 63:
        if (!g.stops.empty())
          g.stops.back().color = rgb_of_aci(integer_in<std::uint8_t>(in, 1, 255, 7));
        break;
      case 421:
        if (!g.stops.empty()) g.stops.back().color = rgb_of(in.integer());
        break;
      case 470: g.name = in.text(); break;
      default: break;
    }
  }
};

Geometry read(EntityTags& in, bool is_mpolygon) {
  HatchReader reader{in, {}};
  reader.h.is_mpolygon = is_mpolygon;
  while (in.next()) reader.take_group();
  Hatch& h = reader.h;
  acad::turn_angles_into_parameters(h);
  if (!h.gradient.active) h.gradient = {};
  acad::take_hatch_background(xdata_of(in, acad::kHatchBackgroundApp), h);
  return Indirect<Hatch>(std::move(h));
}

}  // namespace

Geometry read_hatch(EntityTags& in) { return read(in, false); }
Geometry read_mpolygon(EntityTags& in) { return read(in, true); }

}  // namespace cad::dxf
