// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/mline.hpp"

#include <utility>

#include "formats/dxf/fields.hpp"

namespace cad::dxf {
namespace {

// Each vertex: its point (11), directions (12, 13), then for each style element 74 and its values
// (41), 75 and its values (42).
struct MLineReader {
  EntityTags& in;
  MLine m;
  std::size_t items = 0;

  bool room() { return in.room_for_vertex(items++); }

  void take_group() {
    if (in.code() == 11) {
      in.point_dropped = !room_for_item(in, items++, sizeof(MLineVertex));
      if (!in.point_dropped) m.vertices.emplace_back();
    }
    if (in.point_dropped) return;
    if (!m.vertices.empty() && take_vertex_group(m.vertices.back())) return;
    switch (in.code()) {
      case 2:
        m.style_name = in.text();
        m.style = in.names().mline_style(m.style_name);
        break;
      case 40: m.scale = in.number(); break;
      case 70: m.justification = integer_in<std::uint8_t>(in, 0, 2, 0); break;
      case 71: m.flags = integer_as<std::uint16_t>(in); break;
      default: break;
    }
  }

 private:
  bool take_vertex_group(MLineVertex& v) {
    if (take_point(in, 11, v.position) || take_point(in, 12, v.direction) ||
        take_point(in, 13, v.miter))
      return true;
    switch (in.code()) {
      case 74:
        if (room()) v.line_params.emplace_back();
        return true;
      case 75:
        if (room()) v.fill_params.emplace_back();
        return true;
      case 41: add(v.line_params); return true;
      case 42: add(v.fill_params); return true;
      default: return false;
    }
  }

  void add(std::vector<std::vector<double>>& elements) {
    if (!elements.empty() && room()) elements.back().push_back(in.number());
  }
};

}  // namespace

Geometry read_mline(EntityTags& in) {
  MLineReader reader{in, {}};
  while (in.next()) reader.take_group();
  return Indirect<MLine>(std::move(reader.m));
}

}  // namespace cad::dxf
