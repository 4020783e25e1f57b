// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/mleader.hpp"

#include <utility>

#include "formats/dxf/fields.hpp"

namespace cad::dxf {
namespace {

// Where we are in MULTILEADER { CONTEXT_DATA{ LEADER{ LEADER_LINE{ } } } }.
enum class Level : std::uint8_t { own, context, root, line };

struct MLeaderReader {
  EntityTags& in;
  MLeader m;
  Level level = Level::own;
  std::size_t items = 0;
  std::string text_bytes{};
  bool skip = false;  // the leader or line being read did not fit

  void take_group() {
    if (take_bracket()) return;
    switch (level) {
      case Level::own: take_own(); return;
      case Level::context: take_context(); return;
      case Level::root:
        if (!skip) take_root(m.roots.back());
        return;
      case Level::line:
        if (!skip) take_line(m.roots.back().lines.back());
        return;
    }
  }

 private:
  bool room() { return in.room_for_vertex(items++); }

  // A part's opening group says its name and a brace; 304 alone is also the content's text.
  bool opens(int code, std::string_view name) const {
    return in.code() == code && in.raw().starts_with(name);
  }

  bool take_bracket() {
    const int code = in.code();
    if (code < 300 || code > 305) return false;
    if (level == Level::own && opens(300, "CONTEXT_DATA{")) {
      level = Level::context;
    } else if (level == Level::context && opens(302, "LEADER{")) {
      level = Level::root;
      skip = !room_for_item(in, items++, sizeof(MLeaderRoot));
      if (!skip) m.roots.emplace_back();
    } else if (level == Level::root && opens(304, "LEADER_LINE{")) {
      level = Level::line;
      skip = skip || !room_for_item(in, items++, sizeof(MLeaderLine));
      if (!skip) m.roots.back().lines.emplace_back();
    } else if (level == Level::line && code == 305) {
      level = Level::root;
    } else if (level == Level::root && code == 303) {
      level = Level::context;
    } else if (level == Level::context && code == 301) {
      level = Level::own;
    } else {
      return false;
    }
    return true;
  }

  void take_line(MLeaderLine& line) {
    if (in.code() == 10) ++items;
    if (take_points(in, 10, line.vertices)) return;
    if (in.code() == 11) {
      in.point_dropped = !room();
      if (!in.point_dropped) line.breaks.emplace_back();
    }
    if (!in.point_dropped && !line.breaks.empty() &&
        (take_point(in, 11, line.breaks.back().start) ||
         take_point(in, 12, line.breaks.back().end)))
      return;
    if (in.code() == 91) line.index = integer_as<std::int32_t>(in);
    if (in.code() == 92) line.color = color_of_raw(in.integer());
  }

  void take_root(MLeaderRoot& root) {
    if (take_point(in, 10, root.connection) || take_point(in, 11, root.dogleg_vector)) return;
    switch (in.code()) {
      case 40: root.dogleg_length = in.number(); break;
      case 90: root.index = integer_as<std::int32_t>(in); break;
      case 271: root.attached_vertically = in.flag(); break;
      case 290: root.has_connection = in.flag(); break;
      case 291: root.has_dogleg = in.flag(); break;
      default: break;
    }
  }

  void take_context() {
    if (take_context_point()) return;
    switch (in.code()) {
      case 40: m.scale = in.number(); break;
      case 41: m.char_height = m.text_height = in.number(); break;
      case 140: m.arrow_size = in.number(); break;
      case 145: m.landing_gap = in.number(); break;
      case 290: m.has_text = in.flag(); break;
      case 296: m.has_block = in.flag(); break;
      case 341: m.block = in.names().block_by_handle(in.handle()); break;
      case 46: m.block_rotation = in.number(); break;
      case 93: m.block_color = color_of_raw(in.integer()); break;
      default: take_context_text(); break;
    }
  }

  bool take_context_point() {
    return take_point(in, 10, m.base_point) || take_point(in, 11, m.text_normal) ||
           take_point(in, 12, m.text_position) || take_point(in, 13, m.text_direction) ||
           take_point(in, 14, m.block_normal) || take_point(in, 15, m.block_position) ||
           take_point(in, 16, m.block_scale) || take_point(in, 110, m.plane_origin) ||
           take_point(in, 111, m.plane_x) || take_point(in, 112, m.plane_y);
  }

  void take_context_text() {
    switch (in.code()) {
      case 304: append_chunk(in, text_bytes); break;
      case 340: m.text_style = in.names().text_style_by_handle(in.handle()); break;
      case 42: m.text_rotation = in.number(); break;
      case 43: m.text_width = in.number(); break;
      case 44: m.text_defined_height = in.number(); break;
      case 45: m.text_line_spacing = in.number(); break;
      case 90: m.text_color = color_of_raw(in.integer()); break;
      case 91: m.text_background_color = color_of_raw(in.integer()); break;
      case 141: m.text_background_scale = in.number(); break;
      case 170: m.text_line_spacing_style = integer_in<std::uint8_t>(in, 1, 2, 1); break;
      case 171: m.text_attachment = integer_in<std::uint8_t>(in, 1, 3, 1); break;
      case 172: m.text_flow = integer_in<std::uint8_t>(in, 1, 5, 5); break;
      case 292: m.text_background = in.flag(); break;
      default: break;
    }
  }

  void take_own() {
    switch (in.code()) {
      case 41: m.dogleg_length = in.number(); break;
      case 91: m.line_color = color_of_raw(in.integer()); break;
      case 170: m.leader_type = integer_in<std::uint8_t>(in, 0, 2, 1); break;
      case 171: m.line_weight = integer_as<std::int16_t>(in); break;
      case 172: m.content = integer_in<std::uint8_t>(in, 0, 3, 0); break;
      case 290: m.has_landing = in.flag(); break;
      case 291: m.has_dogleg = in.flag(); break;
      case 292: m.text_frame = in.flag(); break;
      case 340: m.style = in.handle(); break;
      case 341: m.linetype = in.names().linetype_by_handle(in.handle()); break;
      case 342: set_arrow(in.handle()); break;
      default: take_attachment(); break;
    }
  }

  void set_arrow(Handle block) {
    m.arrow = in.names().block_by_handle(block);
    m.arrow_is_named = m.arrow.valid();
  }

  void take_attachment() {
    switch (in.code()) {
      case 173: m.attachment_left = integer_in<std::int16_t>(in, 0, 10, 1); break;
      case 95: m.attachment_right = integer_in<std::int16_t>(in, 0, 10, 1); break;
      case 272: m.attachment_bottom = integer_in<std::int16_t>(in, 0, 10, 9); break;
      case 273: m.attachment_top = integer_in<std::int16_t>(in, 0, 10, 9); break;
      case 330:
        if (room_for_item(in, items++, sizeof(MLeader::BlockAttribute)))
          m.block_attributes.push_back({in.handle(), {}, 0});
        break;
      case 44:
        if (!m.block_attributes.empty()) m.block_attributes.back().width = in.number();
        break;
      case 302:
        if (!m.block_attributes.empty()) m.block_attributes.back().text = in.text();
        break;
      default: break;
    }
  }
};

}  // namespace

Geometry read_mleader(EntityTags& in) {
  MLeaderReader reader{in, {}};
  while (in.next()) reader.take_group();
  reader.m.text_raw = in.decode(reader.text_bytes);
  return Indirect<MLeader>(std::move(reader.m));
}

}  // namespace cad::dxf
