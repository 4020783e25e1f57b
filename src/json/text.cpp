// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "json/families.hpp"
#include "text/codes.hpp"

namespace cad::json {
namespace {

std::string_view alignment_name(const Text& g) {
  if (g.valign == VAlign::baseline || g.halign > HAlign::right) {
    switch (g.halign) {
      case HAlign::left: return "LEFT";
      case HAlign::center: return "CENTER";
      case HAlign::right: return "RIGHT";
      case HAlign::aligned: return "ALIGNED";
      case HAlign::middle: return "MIDDLE";
      case HAlign::fit: return "FIT";
    }
  }
  static constexpr std::array<std::array<std::string_view, 3>, 3> kNames = {{
      {"BOTTOM_LEFT", "BOTTOM_CENTER", "BOTTOM_RIGHT"},
      {"MIDDLE_LEFT", "MIDDLE_CENTER", "MIDDLE_RIGHT"},
      {"TOP_LEFT", "TOP_CENTER", "TOP_RIGHT"},
  }};
  const auto row = static_cast<std::size_t>(g.valign) - 1,
             column = static_cast<std::size_t>(g.halign);
  return row < 3 && column < 3 ? kNames[row][column] : "LEFT";
}

std::string_view attachment_name(std::uint8_t attachment) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "TOP_LEFT",      "TOP_LEFT",     "TOP_CENTER",  "TOP_RIGHT",     "MIDDLE_LEFT",
      "MIDDLE_CENTER", "MIDDLE_RIGHT", "BOTTOM_LEFT", "BOTTOM_CENTER", "BOTTOM_RIGHT"};
  return kNames[attachment < kNames.size() ? attachment : 1];
}

// A stored direction wins over a stored angle (DXF Reference, MTEXT). Seen from above.
double rotation_deg(const MText& g) {
  if (g.x_direction == Vec3{}) return g.rotation_deg;
  const double angle = std::atan2(g.x_direction.y, g.x_direction.x) * 180 / std::numbers::pi;
  return angle < 0 ? angle + 360 : angle;
}

// The cells of a feature control frame: "%%v" stands between them. Empty ones at the end of a line
// are only there to be filled in.
std::string frame_text(std::string_view raw) {
  constexpr std::string_view kBreak = "%%v";
  const std::string plain = text::plain_mtext(raw);
  std::string out;
  std::size_t kept = 0;  // up to the last cell of the line that holds something
  for (std::size_t i = 0; i < plain.size();) {
    if (plain.compare(i, kBreak.size(), kBreak) == 0 ||
        plain.compare(i, kBreak.size(), "%%V") == 0) {
      out += " | ";
      i += kBreak.size();
      continue;
    }
    if (plain[i] == '\n') out.resize(kept);
    out += plain[i++];
    if (out.back() != ' ') kept = out.size();
  }
  out.resize(kept);
  return out;
}

// Most texts hold no code: they need not be decoded.
bool stands_for_itself(char c) { return c >= ' ' && c <= '~' && c != '%' && c != '^' && c != '\\'; }

void write_member(Scope& s, double height, TextStyleId style, const auto& write_value) {
  s.w.begin_object();
  s.w.key("value");
  write_value();
  s.w.field("height", height);
  s.w.key("style");
  style.valid() ? s.w.text(s.drawing.at(style).name) : s.w.null();
  s.w.end_object();
}

}  // namespace

void write_text_value(Writer& w, const Text& text) {
  if (std::all_of(text.value.begin(), text.value.end(), stands_for_itself))
    w.text(text.value);
  else
    w.text(text::decode_text(text.value).value);
}

void write_attribute_value(Writer& w, const Attribute& attribute) {
  if (attribute.has_mtext)
    w.text(text::plain_mtext(attribute.mtext.raw));
  else
    write_text_value(w, attribute.text);
}

void write_text_member(Scope& s, const Entity& entity) {
  if (const auto* text = std::get_if<Text>(&entity.geometry))
    return write_member(s, text->height, text->style, [&] { write_text_value(s.w, *text); });
  if (const auto* mtext = std::get_if<Indirect<MText>>(&entity.geometry)) {
    const MText& m = **mtext;
    return write_member(s, m.height, m.style, [&] { s.w.text(text::plain_mtext(m.raw)); });
  }
  if (const auto* attribute = std::get_if<Indirect<Attribute>>(&entity.geometry)) {
    const Attribute& a = **attribute;
    return write_member(s, a.text.height, a.text.style, [&] { write_attribute_value(s.w, a); });
  }
  s.w.null();
}

void write_geometry(Scope& s, const Text& g) {
  point_field(s.w, "position", s.world(g.position));
  s.w.field("rotation", g.rotation_deg);
  s.w.key("alignment");
  s.w.plain_text(alignment_name(g));
  if (g.has_alignment_point) point_field(s.w, "alignmentPoint", s.world(g.alignment_point));
  s.w.field("widthFactor", g.width_factor);
  s.w.field("oblique", g.oblique_deg);
  write_plane(s);
}

void write_geometry(Scope& s, const MText& g) {
  point_field(s.w, "position", g.position);
  s.w.field("rotation", rotation_deg(g));
  s.w.field("width", g.width);
  s.w.key("attachment");
  s.w.plain_text(attachment_name(g.attachment));
  s.w.field("rawText", g.raw);
  write_plane(s);
}

void write_geometry(Scope& s, const Attribute& g) {
  write_geometry(s, g.text);
  s.w.field("tag", g.tag);
  if (g.is_definition) s.w.field("prompt", g.prompt);
  if (g.has_mtext) s.w.field("rawText", g.mtext.raw);
}

void write_geometry(Scope& s, const Tolerance& g) {
  point_field(s.w, "position", g.position);
  point_field(s.w, "direction", g.x_direction);
  s.w.field("text", frame_text(g.value));
  s.w.field("rawText", g.value);
  s.w.field("style", g.dim_style_name);
}

void write_geometry(Scope& s, const Shape& g) {
  point_field(s.w, "position", s.world(g.position));
  s.w.field("name", g.name);
  s.w.field("size", g.size);
  s.w.field("rotation", g.rotation_deg);
  s.w.field("widthFactor", g.width_factor);
  s.w.field("oblique", g.oblique_deg);
  write_plane(s);
}

}  // namespace cad::json
