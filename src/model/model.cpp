// SPDX-License-Identifier: Apache-2.0
#include "model/drawing.hpp"

namespace cad {
namespace {

std::string_view name(const Line&) { return "LINE"; }
std::string_view name(const Point&) { return "POINT"; }
std::string_view name(const Circle&) { return "CIRCLE"; }
std::string_view name(const Arc&) { return "ARC"; }
std::string_view name(const Ellipse&) { return "ELLIPSE"; }
std::string_view name(const Indirect<Spline>&) { return "SPLINE"; }
std::string_view name(const Ray&) { return "RAY"; }
std::string_view name(const XLine&) { return "XLINE"; }
std::string_view name(const Indirect<Helix>&) { return "HELIX"; }
std::string_view name(const LwPolyline&) { return "LWPOLYLINE"; }
std::string_view name(const Indirect<Polyline>&) { return "POLYLINE"; }
std::string_view name(const Indirect<MLine>&) { return "MLINE"; }
std::string_view name(const Text&) { return "TEXT"; }
std::string_view name(const Indirect<MText>&) { return "MTEXT"; }
std::string_view name(const Indirect<Attribute>& a) {
  return a->is_definition ? "ATTDEF" : "ATTRIB";
}
std::string_view name(const Indirect<Tolerance>&) { return "TOLERANCE"; }
std::string_view name(const Indirect<Shape>&) { return "SHAPE"; }
std::string_view name(const Indirect<Insert>&) { return "INSERT"; }
std::string_view name(const Indirect<Hatch>& h) { return h->is_mpolygon ? "MPOLYGON" : "HATCH"; }
std::string_view name(const Indirect<Dimension>& d) {
  return d->kind == Dimension::Kind::arc             ? "ARC_DIMENSION"
         : d->kind == Dimension::Kind::jogged_radius ? "LARGE_RADIAL_DIMENSION"
                                                     : "DIMENSION";
}
std::string_view name(const Indirect<Leader>&) { return "LEADER"; }
std::string_view name(const Indirect<MLeader>&) { return "MULTILEADER"; }
std::string_view name(const Indirect<Table>&) { return "ACAD_TABLE"; }
std::string_view name(const Indirect<Viewport>&) { return "VIEWPORT"; }
std::string_view name(const Solid& s) {
  switch (s.kind) {
    case Solid::Kind::solid: return "SOLID";
    case Solid::Kind::trace: return "TRACE";
    case Solid::Kind::face3d: return "3DFACE";
  }
  return "SOLID";
}
std::string_view name(const Indirect<Mesh>&) { return "MESH"; }
std::string_view name(const Indirect<AcisBody>& b) { return b->type; }
std::string_view name(const Indirect<Image>& i) { return i->is_wipeout ? "WIPEOUT" : "IMAGE"; }
std::string_view name(const Indirect<Underlay>& u) {
  switch (u->kind) {
    case Underlay::Kind::pdf: return "PDFUNDERLAY";
    case Underlay::Kind::dwf: return "DWFUNDERLAY";
    case Underlay::Kind::dgn: return "DGNUNDERLAY";
  }
  return "PDFUNDERLAY";
}
std::string_view name(const Indirect<OleFrame>& o) { return o->is_ole2 ? "OLE2FRAME" : "OLEFRAME"; }
std::string_view name(const Indirect<Unknown>& u) { return u->type; }

}  // namespace

std::string_view type_name(const Entity& entity) {
  return std::visit([](const auto& g) { return name(g); }, entity.geometry);
}

namespace {

Category category_of(const Line&) { return Category::geometry; }
Category category_of(const Point&) { return Category::geometry; }
Category category_of(const Circle&) { return Category::geometry; }
Category category_of(const Arc&) { return Category::geometry; }
Category category_of(const Ellipse&) { return Category::geometry; }
Category category_of(const Indirect<Spline>&) { return Category::geometry; }
Category category_of(const Ray&) { return Category::geometry; }
Category category_of(const XLine&) { return Category::geometry; }
Category category_of(const Indirect<Helix>&) { return Category::geometry; }
Category category_of(const LwPolyline&) { return Category::geometry; }
Category category_of(const Indirect<Polyline>&) { return Category::geometry; }
Category category_of(const Indirect<MLine>&) { return Category::geometry; }
Category category_of(const Text&) { return Category::annotation; }
Category category_of(const Indirect<MText>&) { return Category::annotation; }
Category category_of(const Indirect<Attribute>&) { return Category::annotation; }
Category category_of(const Indirect<Tolerance>&) { return Category::annotation; }
Category category_of(const Indirect<Shape>&) { return Category::geometry; }
Category category_of(const Indirect<Insert>&) { return Category::block_reference; }
Category category_of(const Indirect<Hatch>&) { return Category::hatch; }
Category category_of(const Indirect<Dimension>&) { return Category::annotation; }
Category category_of(const Indirect<Leader>&) { return Category::annotation; }
Category category_of(const Indirect<MLeader>&) { return Category::annotation; }
Category category_of(const Indirect<Table>&) { return Category::annotation; }
Category category_of(const Indirect<Viewport>&) { return Category::other; }
Category category_of(const Solid&) { return Category::geometry; }
Category category_of(const Indirect<Mesh>&) { return Category::geometry; }
Category category_of(const Indirect<AcisBody>&) { return Category::geometry; }
Category category_of(const Indirect<Image>& i) {
  return i->is_wipeout ? Category::geometry : Category::other;
}
Category category_of(const Indirect<Underlay>&) { return Category::other; }
Category category_of(const Indirect<OleFrame>&) { return Category::other; }
Category category_of(const Indirect<Unknown>&) { return Category::other; }

}  // namespace

Category category(const Entity& entity) {
  return std::visit([](const auto& g) { return category_of(g); }, entity.geometry);
}

std::string_view to_string(Category category) {
  switch (category) {
    case Category::geometry: return "Geometry";
    case Category::annotation: return "Annotation";
    case Category::block_reference: return "BlockReference";
    case Category::hatch: return "Hatch";
    case Category::other: return "Other";
  }
  return "Other";
}

std::string_view to_string(FormatId format) {
  switch (format) {
    case FormatId::dxf: return "DXF";
    case FormatId::dwg: return "DWG";
    case FormatId::dwf: return "DWF";
    case FormatId::dwfx: return "DWFX";
    case FormatId::dgn: return "DGN";
    case FormatId::pdf: return "PDF";
  }
  return "DXF";
}

std::string_view to_string(Units units) {
  switch (units) {
    case Units::unknown: return "unknown";
    case Units::mm: return "mm";
    case Units::cm: return "cm";
    case Units::m: return "m";
    case Units::inch: return "inch";
    case Units::feet: return "feet";
  }
  return "unknown";
}

std::uint64_t allowed(const Allowance& allowance, const Drawing& drawing) {
  std::uint64_t entities = 0;
  for (const Block& block : drawing.blocks) entities += block.entities.size();
  return allowance.of(entities, drawing.vertices);
}

Units resolve_units(const Header& header) {
  switch (header.insunits) {
    case 1: return Units::inch;
    case 2: return Units::feet;
    case 4: return Units::mm;
    case 5: return Units::cm;
    case 6: return Units::m;
    case 0: break;
    default: return Units::unknown;  // miles, yards ...: the schema has no word for them
  }
  if (header.measurement == 1) return Units::mm;
  if (header.measurement == 0) return Units::inch;
  return Units::unknown;
}

}  // namespace cad
