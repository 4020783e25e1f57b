// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/mtext.hpp"

#include <cmath>

#include "formats/acad/text.hpp"

namespace cad::dwg {
namespace {

constexpr double kDegrees = 180 / 3.14159265358979323846;
constexpr std::uint32_t kFill = 0x01, kFrame = 0x10;
constexpr unsigned kDynamicColumns = 2;

std::uint8_t in_range(unsigned value, unsigned most) {
  return value >= 1 && value <= most ? static_cast<std::uint8_t>(value) : std::uint8_t{1};
}

void take_background_color(const Color& color, MText& t) {
  switch (color.kind) {
    case Color::Kind::by_layer: t.background_color_aci = 256; break;
    case Color::Kind::by_block: t.background_color_aci = 0; break;
    case Color::Kind::index: t.background_color_aci = color.index; break;
    case Color::Kind::rgb:
      t.background_color_aci = color.index;
      t.background_rgb = static_cast<std::uint32_t>(color.rgb.r << 16 | color.rgb.g << 8) |
                         static_cast<std::uint32_t>(color.rgb.b);
      break;
  }
}

void read_background(EntityIn& in, MText& t) {
  const std::uint32_t flags = in.ubl();
  t.background_flags = static_cast<std::uint8_t>(flags);
  if ((flags & kFill) == 0 && !(in.from(Version::r2018) && (flags & kFrame) != 0)) return;
  t.background_scale = in.bd();
  take_background_color(in.color(), t);
  in.bl();  // transparency
}

void read_columns(EntityIn& in, MText& t) {
  t.column_type = static_cast<std::uint8_t>(in.ubs() & 3);
  if (t.column_type == 0) return;
  t.column_count = in.ubl();
  t.column_width = in.bd();
  t.column_gutter = in.bd();
  t.column_auto_height = in.b();
  t.column_flow_reversed = in.b();
  if (t.column_auto_height || t.column_type != kDynamicColumns) return;
  const std::size_t believed = in.vertex_count(t.column_count, 2);
  t.column_heights.reserve(believed);
  for (std::size_t i = 0; i < believed; ++i) t.column_heights.push_back(in.bd());
}

void read_r2018(EntityIn& in, MText& t) {
  const bool is_annotative = !in.b();
  if (is_annotative) return;
  in.bs();      // version
  in.b();       // default
  in.handle();  // registered application
  // Once more what is known already.
  in.bl();   // attachment
  in.bd3();  // direction
  in.bd3();  // position
  in.bd();   // width
  in.bd();   // height
  in.bd();   // extents
  in.bd();
  read_columns(in, t);
}

}  // namespace

MTextFields read_mtext_fields(EntityIn& in) {
  MTextFields fields;
  MText& t = fields.text;
  t.position = in.bd3();
  fields.normal = in.bd3();
  t.x_direction = in.bd3();
  if (t.x_direction != Vec3{})
    t.rotation_deg = std::atan2(t.x_direction.y, t.x_direction.x) * kDegrees;
  t.width = in.bd();
  if (in.from(Version::r2007)) t.defined_height = in.bd();
  t.height = in.bd();
  t.attachment = in_range(in.ubs(), 9);
  t.flow = in_range(in.ubs(), 5);
  in.bd();  // extents
  in.bd();
  t.raw = in.text();
  t.style = in.loader().text_style(in.handle());
  if (in.from(Version::r2000)) {
    t.line_spacing_style = in_range(in.ubs(), 2);
    t.line_spacing = in.bd();
    in.b();
  }
  if (in.from(Version::r2004)) read_background(in, t);
  if (in.from(Version::r2018)) read_r2018(in, t);
  return fields;
}

Geometry read_mtext(EntityIn& in) {
  MTextFields fields = read_mtext_fields(in);
  in.entity().normal = fields.normal;
  MText& t = fields.text;
  if (t.column_type == 0) acad::take_mtext_columns(in.xdata("ACAD"), in.limits().max_coordinate, t);
  return Indirect<MText>(std::move(t));
}

}  // namespace cad::dwg
