// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/text.hpp"

#include "formats/acad/text.hpp"

namespace cad::dwg {
namespace {

constexpr double kDegrees = 180 / 3.14159265358979323846;

// What is at its default is left out.
enum OmittedField : unsigned {
  kNoElevation = 0x01,
  kNoAlignmentPoint = 0x02,
  kNoOblique = 0x04,
  kNoRotation = 0x08,
  kNoWidthFactor = 0x10,
  kNoGeneration = 0x20,
  kNoHorizontal = 0x40,
  kNoVertical = 0x80
};

Vec3 at_elevation(Vec2 p, double elevation) { return {p.x, p.y, elevation}; }

void take_generation(Text& t, unsigned flags) {
  t.backward = (flags & 2) != 0;
  t.upside_down = (flags & 4) != 0;
}
HAlign halign_of(unsigned value) { return value <= 5 ? static_cast<HAlign>(value) : HAlign::left; }
VAlign valign_of(unsigned value) {
  return value <= 3 ? static_cast<VAlign>(value) : VAlign::baseline;
}

Text read_r13(EntityIn& in) {
  Text t;
  const double elevation = in.bd();
  t.position = at_elevation(in.rd2(), elevation);
  t.alignment_point = at_elevation(in.rd2(), elevation);
  in.entity().normal = in.bd3();
  in.entity().thickness = in.bd();
  t.oblique_deg = in.bd() * kDegrees;
  t.rotation_deg = in.bd() * kDegrees;
  t.height = in.bd();
  t.width_factor = in.bd();
  t.value = in.text();
  take_generation(t, in.ubs());
  t.halign = halign_of(in.ubs());
  t.valign = valign_of(in.ubs());
  return t;
}

Text read_r2000(EntityIn& in) {
  Text t;
  const unsigned omitted = in.rc();
  const double elevation = (omitted & kNoElevation) == 0 ? in.rd() : 0;
  t.position = at_elevation(in.rd2(), elevation);
  t.alignment_point.z = elevation;
  if ((omitted & kNoAlignmentPoint) == 0) {
    t.alignment_point.x = in.dd(t.position.x);
    t.alignment_point.y = in.dd(t.position.y);
  }
  in.entity().normal = in.extrusion(in.version());
  in.entity().thickness = in.thickness(in.version());
  if ((omitted & kNoOblique) == 0) t.oblique_deg = in.rd() * kDegrees;
  if ((omitted & kNoRotation) == 0) t.rotation_deg = in.rd() * kDegrees;
  t.height = in.rd();
  if ((omitted & kNoWidthFactor) == 0) t.width_factor = in.rd();
  t.value = in.text();
  if ((omitted & kNoGeneration) == 0) take_generation(t, in.ubs());
  if ((omitted & kNoHorizontal) == 0) t.halign = halign_of(in.ubs());
  if ((omitted & kNoVertical) == 0) t.valign = valign_of(in.ubs());
  return t;
}

}  // namespace

Text read_text_fields(EntityIn& in) {
  Text t = in.from(Version::r2000) ? read_r2000(in) : read_r13(in);
  t.has_alignment_point = true;
  acad::settle_alignment(t);
  t.style = in.loader().text_style(in.handle());
  return t;
}

Geometry read_text(EntityIn& in) { return read_text_fields(in); }

Geometry read_shape(EntityIn& in) {
  Shape s;
  s.position = in.bd3();
  s.size = in.bd();
  s.rotation_deg = in.bd() * kDegrees;
  s.width_factor = in.bd();
  s.oblique_deg = in.bd() * kDegrees;
  in.entity().thickness = in.bd();
  s.number = in.ubs();
  in.entity().normal = in.bd3();
  s.style = in.loader().text_style(in.handle());
  return Indirect<Shape>(std::move(s));
}

}  // namespace cad::dwg
