// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/text.hpp"

#include <cmath>
#include <numbers>

#include "formats/acad/text.hpp"
#include "formats/dxf/fields.hpp"

namespace cad::dxf {
namespace {

// Groups of AcDbText that TEXT, ATTRIB and ATTDEF share. `vertical_code` is 73 for TEXT, 74 for
// attributes (73 is their field length).
bool take_text_group(EntityTags& in, Text& t, int vertical_code) {
  if (take_point(in, 10, t.position)) return true;
  if (take_point(in, 11, t.alignment_point)) return t.has_alignment_point = true;
  switch (in.code()) {
    case 1: t.value = in.text(); return true;
    case 7: t.style = in.names().text_style(in.text()); return true;
    case 40: t.height = in.number(); return true;
    case 41: t.width_factor = in.number(); return true;
    case 50: t.rotation_deg = in.number(); return true;
    case 51: t.oblique_deg = in.number(); return true;
    case 71: {
      const std::int64_t flags = in.integer();
      t.backward = (flags & 2) != 0;
      t.upside_down = (flags & 4) != 0;
      return true;
    }
    case 72: t.halign = static_cast<HAlign>(integer_in<std::uint8_t>(in, 0, 5, 0)); return true;
    default:
      if (in.code() != vertical_code) return false;
      t.valign = static_cast<VAlign>(integer_in<std::uint8_t>(in, 0, 3, 0));
      return true;
  }
}

// The later of direction (11) and rotation (50) holds.
bool take_direction(EntityTags& in, MText& t) {
  if (in.code() == 50) {
    t.rotation_deg = in.number();
    t.x_direction = {};
    return true;
  }
  if (in.code() == 11) t.x_direction = {};
  if (!take_point(in, 11, t.x_direction)) return false;
  if (t.x_direction != Vec3{})
    t.rotation_deg = std::atan2(t.x_direction.y, t.x_direction.x) * 180 / std::numbers::pi;
  return true;
}

void take_background_group(EntityTags& in, MText& t) {
  switch (in.code()) {
    case 45: t.background_scale = in.number(); break;
    case 63: t.background_color_aci = integer_as<std::uint32_t>(in); break;
    case 90: t.background_flags = integer_as<std::uint8_t>(in); break;
    case 420:
    case 421: t.background_rgb = static_cast<std::uint32_t>(in.integer()) & 0xffffffu; break;
    default: break;
  }
}

// AcDbMText. The text's raw chunks collect in `bytes`.
void take_mtext_group(EntityTags& in, MText& t, std::string& bytes) {
  if (take_point(in, 10, t.position) || take_direction(in, t)) return;
  switch (in.code()) {
    case 1:
    case 3: append_chunk(in, bytes); break;
    case 7: t.style = in.names().text_style(in.text()); break;
    case 40: t.height = in.number(); break;
    case 41: t.width = in.number(); break;
    case 44: t.line_spacing = in.number(); break;
    case 46: t.defined_height = in.number(); break;
    case 71: t.attachment = integer_in<std::uint8_t>(in, 1, 9, 1); break;
    case 72: t.flow = integer_in<std::uint8_t>(in, 1, 5, 1); break;
    case 73: t.line_spacing_style = integer_in<std::uint8_t>(in, 1, 2, 1); break;
    default: take_background_group(in, t); break;
  }
}

// The embedded object of a 2018 MTEXT: its column layout. The groups 10, 11, 40 and 41 repeat what
// AcDbMText says.
void take_column_group(EntityTags& in, MText& t) {
  switch (in.code()) {
    case 71: t.column_type = integer_in<std::uint8_t>(in, 0, 2, 0); break;
    case 72: t.column_count = integer_as<std::uint32_t>(in); break;
    case 73: t.column_auto_height = in.flag(); break;
    case 74: t.column_flow_reversed = in.flag(); break;
    case 44: t.column_width = in.number(); break;
    case 45: t.column_gutter = in.number(); break;
    case 46:
      if (in.room_for_vertex(t.column_heights.size())) t.column_heights.push_back(in.number());
      break;
    default: break;
  }
}

// Without group 7 the style is STANDARD (DXF Reference: "optional, default = STANDARD").
void settle_style(EntityTags& in, TextStyleId& style) {
  if (!style.valid()) style = in.names().standard_text_style();
}

// AcDbAttribute and AcDbAttributeDefinition repeat codes: 280 is a version before the flags (70)
// and the position lock behind them; behind the lock, 70 to 72 and the points 10 and 11 describe
// the multi-line text.
struct AttributeReader {
  EntityTags& in;
  Attribute a;
  std::string mtext_bytes;
  bool behind_lock = false;
  bool has_flags = false;

  void take_group() {
    if (in_embedded_object(in)) {
      a.has_mtext = true;
      take_mtext_group(in, a.mtext, mtext_bytes);
      return;
    }
    if (in.subclass() == "AcDbXrecord") return;  // what 2007 keeps of a multi-line attribute
    if (in.subclass().starts_with("AcDbAttribute") && take_attribute_group()) return;
    if (in.subclass().empty() && take_plain_group()) return;
    take_text_group(in, a.text, 74);
  }

  bool take_attribute_group() {
    if (behind_lock) {
      switch (in.code()) {
        case 10:
        case 20:
        case 30:
        case 11:
        case 21:
        case 31:
        case 40:
        case 70:
        case 71:
        case 72: return true;
        default: break;
      }
    }
    if (in.code() != 280) return take_plain_group();
    if (has_flags) a.lock_position = in.flag();
    behind_lock = has_flags;
    return true;
  }

  // Files of R12 have no subclasses, and these codes only.
  bool take_plain_group() {
    switch (in.code()) {
      case 2: a.tag = in.text(); return true;
      case 3: a.prompt = in.text(); return true;
      case 70:
        if (!has_flags) a.flags = integer_as<std::uint16_t>(in);
        has_flags = true;
        return true;
      case 73: a.field_length = integer_as<std::uint16_t>(in); return true;
      default: return false;
    }
  }
};

Geometry read_attribute(EntityTags& in, bool is_definition) {
  AttributeReader reader{in, {}, {}};
  reader.a.is_definition = is_definition;
  while (in.next()) reader.take_group();
  Attribute& a = reader.a;
  acad::settle_alignment(a.text);
  settle_style(in, a.text.style);
  if (a.has_mtext) settle_style(in, a.mtext.style);
  if (a.has_mtext) a.mtext.raw = in.decode(reader.mtext_bytes);
  return Indirect<Attribute>(std::move(a));
}

}  // namespace

Geometry read_text(EntityTags& in) {
  Text t;
  while (in.next()) take_text_group(in, t, 73);
  acad::settle_alignment(t);
  settle_style(in, t.style);
  return t;
}

Geometry read_mtext(EntityTags& in) {
  MText t;
  std::string bytes;
  while (in.next()) {
    if (in_embedded_object(in))
      take_column_group(in, t);
    else
      take_mtext_group(in, t, bytes);
  }
  t.raw = in.decode(bytes);
  settle_style(in, t.style);
  if (t.column_type == 0)
    acad::take_mtext_columns(xdata_of(in, "ACAD"), in.limits().max_coordinate, t);
  return Indirect<MText>(std::move(t));
}

Geometry read_attrib(EntityTags& in) { return read_attribute(in, false); }
Geometry read_attdef(EntityTags& in) { return read_attribute(in, true); }

Geometry read_tolerance(EntityTags& in) {
  Tolerance t;
  while (in.next()) {
    if (take_point(in, 10, t.position) || take_point(in, 11, t.x_direction)) continue;
    switch (in.code()) {
      case 1: t.value = in.text(); break;
      case 3:
        t.dim_style_name = in.text();
        t.dim_style = in.names().dim_style(t.dim_style_name);
        break;
      default: break;
    }
  }
  return Indirect<Tolerance>(std::move(t));
}

Geometry read_shape(EntityTags& in) {
  Shape s;
  while (in.next()) {
    if (take_point(in, 10, s.position)) continue;
    switch (in.code()) {
      case 2: s.name = in.text(); break;
      case 40: s.size = in.number(); break;
      case 41: s.width_factor = in.number(); break;
      case 50: s.rotation_deg = in.number(); break;
      case 51: s.oblique_deg = in.number(); break;
      default: break;
    }
  }
  return Indirect<Shape>(std::move(s));
}

}  // namespace cad::dxf
