// SPDX-License-Identifier: Apache-2.0
#include "json/families.hpp"
#include "text/codes.hpp"

namespace cad::json {
namespace {

std::string_view kind_name(Dimension::Kind kind) {
  switch (kind) {
    case Dimension::Kind::linear: return "linear";
    case Dimension::Kind::aligned: return "aligned";
    case Dimension::Kind::angular: return "angular";
    case Dimension::Kind::angular3p: return "angular";
    case Dimension::Kind::diameter: return "diameter";
    case Dimension::Kind::radius: return "radius";
    case Dimension::Kind::jogged_radius: return "radius";
    case Dimension::Kind::ordinate: return "ordinate";
    case Dimension::Kind::arc: return "arc";
  }
  return "linear";
}

void write_extension_points(Writer& w, const Dimension& g) {
  point_field(w, "extensionPoint1", g.point13);
  point_field(w, "extensionPoint2", g.point14);
}

// What the points of groups 13 to 16 mean for each kind (DXF Reference, DIMENSION).
void write_kind_points(Writer& w, const Dimension& g) {
  switch (g.kind) {
    case Dimension::Kind::linear:
    case Dimension::Kind::aligned:
      write_extension_points(w, g);
      w.field("rotation", g.rotation_deg);
      w.field("oblique", g.extension_oblique_deg);
      return;
    case Dimension::Kind::angular:
      point_field(w, "line1Start", g.point13);
      point_field(w, "line1End", g.point14);
      point_field(w, "line2Start", g.point15);
      point_field(w, "line2End", g.definition_point);
      point_field(w, "arcPoint", g.point16);
      return;
    case Dimension::Kind::angular3p:
      write_extension_points(w, g);
      point_field(w, "vertex", g.point15);
      return;
    case Dimension::Kind::diameter:
    case Dimension::Kind::radius:
      point_field(w, "chordPoint", g.point15);
      w.field("leaderLength", g.leader_length);
      return;
    case Dimension::Kind::jogged_radius:
      point_field(w, "chordPoint", g.point15);
      point_field(w, "overrideCenter", g.point13);
      point_field(w, "jogPoint", g.point14);
      return;
    case Dimension::Kind::ordinate:
      point_field(w, "featurePoint", g.point13);
      point_field(w, "leaderEndPoint", g.point14);
      w.field("axis", g.ordinate_x ? std::string_view("X") : std::string_view("Y"));
      return;
    case Dimension::Kind::arc:
      write_extension_points(w, g);
      point_field(w, "vertex", g.point15);
      return;
  }
}

// What the drawing shows: the first text of the block that draws the dimension.
void write_shown_text(Scope& s, const Dimension& g) {
  if (g.block.valid())
    for (const Entity& entity : s.drawing.at(g.block).entities) {
      if (const auto* mtext = std::get_if<Indirect<MText>>(&entity.geometry))
        return s.w.text(text::plain_mtext((*mtext)->raw));
      if (const auto* text = std::get_if<Text>(&entity.geometry))
        return write_text_value(s.w, *text);
    }
  s.w.null();
}

}  // namespace

void write_geometry(Scope& s, const Dimension& g) {
  s.w.key("kind");
  s.w.plain_text(kind_name(g.kind));
  point_field(s.w, "definitionPoint", g.definition_point);
  point_field(s.w, "textMidpoint", s.world(g.text_midpoint));
  write_kind_points(s.w, g);
  s.w.key("measurement");
  g.measurement ? s.w.number(*g.measurement) : s.w.null();
  s.w.key("textOverride");
  g.text.empty() || g.text == "<>" ? s.w.null() : s.w.text(g.text);
  s.w.key("text");
  write_shown_text(s, g);
  s.w.key("style");
  g.style_name.empty() ? s.w.null() : s.w.text(g.style_name);
  write_plane(s);
}

void write_geometry(Scope& s, const Leader& g) {
  s.w.key("vertices");
  write_points(s.w, g.vertices);
  s.w.flag("isSpline", g.is_spline);
  s.w.flag("arrow", g.has_arrow);
  s.w.key("annotation");  // handle of the text, tolerance or insert that it points from
  g.annotation != 0 ? s.w.hex(g.annotation) : s.w.null();
  s.w.key("style");
  g.style_name.empty() ? s.w.null() : s.w.text(g.style_name);
}

namespace {

void write_leaders(Writer& w, const MLeader& g) {
  w.begin_array();
  for (const MLeaderRoot& root : g.roots)
    for (const MLeaderLine& line : root.lines) {
      w.begin_object();
      w.key("vertices");
      w.begin_array();
      for (const Vec3& p : line.vertices) write_point(w, p);
      if (root.has_connection) write_point(w, root.connection);
      w.end_array();
      w.end_object();
    }
  w.end_array();
}

void write_mleader_text(Scope& s, const MLeader& g) {
  if (g.content != 2) return s.w.null();
  s.w.begin_object();
  s.w.field("value", text::plain_mtext(g.text_raw));
  s.w.field("rawText", g.text_raw);
  point_field(s.w, "position", g.text_position);
  s.w.field("height", g.text_height);
  s.w.field("width", g.text_width);
  s.w.end_object();
}

void write_mleader_block(Scope& s, const MLeader& g) {
  if (g.content != 1 || !g.block.valid()) return s.w.null();
  s.w.begin_object();
  s.w.key("blockName");
  write_block_name(s, g.block);
  point_field(s.w, "position", g.block_position);
  s.w.field("scaleX", g.block_scale.x);
  s.w.field("scaleY", g.block_scale.y);
  s.w.key("attributes");
  s.w.begin_array();
  for (const auto& attribute : g.block_attributes) s.w.text(attribute.text);
  s.w.end_array();
  s.w.end_object();
}

}  // namespace

void write_geometry(Scope& s, const MLeader& g) {
  s.w.key("leaders");
  write_leaders(s.w, g);
  s.w.key("text");
  write_mleader_text(s, g);
  s.w.key("block");
  write_mleader_block(s, g);
  s.w.flag("isSpline", g.leader_type == 2);
  s.w.flag("arrow", g.arrow_size > 0);
  s.w.field("arrowSize", g.arrow_size);
  s.w.key("arrowBlock");
  write_block_name(s, g.arrow);
}

}  // namespace cad::json
