// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/dimensions.hpp"

#include <optional>
#include <utility>

#include "formats/acad/dim_overrides.hpp"
#include "formats/dxf/fields.hpp"

namespace cad::dxf {
namespace {

using Kind = Dimension::Kind;

// Group 70: the low three bits are the kind; 32 the block is this dimension's only, 64 ordinate of
// x, 128 text placed by hand.
struct DimensionReader {
  EntityTags& in;
  Dimension d;
  std::optional<Kind> fixed_kind;
  bool has_kind = false;
  void take_group() {
    const std::string_view subclass = in.subclass();
    if (subclass == "AcDbArcDimension") {
      take_arc_group();
    } else if (subclass == "AcDbRadialDimensionLarge" && in.code() == 40) {
      d.jog_angle = in.number();
    } else if (!take_definition_point()) {
      take_common_group();
    }
  }

 private:
  // The last marker names the kind.
  static Kind kind_of(std::string_view subclass) {
    if (subclass == "AcDbAlignedDimension") return Kind::aligned;
    if (subclass == "AcDb2LineAngularDimension") return Kind::angular;
    if (subclass == "AcDb3PointAngularDimension") return Kind::angular3p;
    if (subclass == "AcDbDiametricDimension") return Kind::diameter;
    if (subclass == "AcDbRadialDimension") return Kind::radius;
    if (subclass == "AcDbOrdinateDimension") return Kind::ordinate;
    return Kind::linear;
  }

  bool take_definition_point() {
    return take_point(in, 10, d.definition_point) || take_point(in, 11, d.text_midpoint) ||
           take_point(in, 12, d.insertion_point) || take_point(in, 13, d.point13) ||
           take_point(in, 14, d.point14) || take_point(in, 15, d.point15) ||
           take_point(in, 16, d.point16) || take_point(in, 17, d.point17);
  }

  void take_arc_group() {
    if (take_definition_point()) return;
    switch (in.code()) {
      case 40: d.arc_start = in.number(); break;
      case 41: d.arc_end = in.number(); break;
      case 70: d.arc_is_partial = in.flag(); break;
      case 71: d.arc_has_leader = in.flag(); break;
      default: break;
    }
  }

  void take_common_group() {
    switch (in.code()) {
      case 1: d.text = in.text(); break;
      case 2: d.block = in.names().block(in.text()); break;
      case 3:
        d.style_name = in.text();
        d.style = in.names().dim_style(d.style_name);
        break;
      case 40: d.leader_length = in.number(); break;
      case 41: d.line_spacing = in.number(); break;
      case 42: d.measurement = in.number(); break;
      case 70:
        d.flags = integer_as<std::uint16_t>(in);
        has_kind = true;
        break;
      case 71: d.attachment = integer_in<std::uint8_t>(in, 1, 9, 5); break;
      case 72: d.line_spacing_style = integer_in<std::uint8_t>(in, 1, 2, 1); break;
      default: take_angle_group(); break;
    }
  }

  void take_angle_group() {
    switch (in.code()) {
      case 50: d.rotation_deg = in.number(); break;
      case 51: d.horizontal_deg = in.number(); break;
      case 52: d.extension_oblique_deg = in.number(); break;
      case 53: d.text_rotation_deg = in.number(); break;
      default: break;
    }
  }

 public:
  void settle_kind() {
    if (fixed_kind) {
      d.kind = *fixed_kind;
    } else if (!has_kind) {
      d.kind = kind_of(in.subclass());
    } else if ((d.flags & 7) == 7) {
      d.kind = kind_of(in.subclass());
      in.warn("DIMENSION_KIND_UNKNOWN", "A dimension has a kind that the format does not define.");
    } else {
      d.kind = static_cast<Kind>(d.flags & 7);
    }
    d.ordinate_x = d.kind == Kind::ordinate && (d.flags & 64) != 0;
  }
};

// The entity's own values of dimension variables.
DimOverrides read_dim_overrides(EntityTags& in) {
  return acad::dim_overrides(xdata_of(in, "ACAD"), in.limits().max_coordinate);
}

Geometry read(EntityTags& in, std::optional<Kind> fixed_kind) {
  DimensionReader reader{in, {}, fixed_kind};
  while (in.next()) reader.take_group();
  reader.settle_kind();
  reader.d.overrides = read_dim_overrides(in);
  return Indirect<Dimension>(std::move(reader.d));
}

}  // namespace

Geometry read_dimension(EntityTags& in) { return read(in, std::nullopt); }
Geometry read_arc_dimension(EntityTags& in) { return read(in, Kind::arc); }
Geometry read_large_radial_dimension(EntityTags& in) { return read(in, Kind::jogged_radius); }

namespace {

void take_leader_group(EntityTags& in, Leader& l) {
  switch (in.code()) {
    case 3:
      l.style_name = in.text();
      l.style = in.names().dim_style(l.style_name);
      break;
    case 40: l.text_height = in.number(); break;
    case 41: l.text_width = in.number(); break;
    case 71: l.has_arrow = in.flag(); break;
    case 72: l.is_spline = in.flag(); break;
    case 73: l.annotation_kind = integer_in<std::uint8_t>(in, 0, 3, 3); break;
    case 74: l.hook_same_direction = in.flag(); break;
    case 75: l.has_hook = in.flag(); break;
    case 77: l.color_override = integer_as<std::uint8_t>(in); break;
    case 340: l.annotation = in.handle(); break;
    default: break;
  }
}

}  // namespace

Geometry read_leader(EntityTags& in) {
  Leader l;
  l.hook_same_direction = true;  // without group 74
  while (in.next()) {
    if (take_points(in, 10, l.vertices) || take_point(in, 211, l.horizontal_direction) ||
        take_point(in, 212, l.block_offset) || take_point(in, 213, l.annotation_offset))
      continue;
    take_leader_group(in, l);
  }
  l.overrides = read_dim_overrides(in);
  return Indirect<Leader>(std::move(l));
}

}  // namespace cad::dxf
