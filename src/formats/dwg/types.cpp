// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/types.hpp"

#include <algorithm>
#include <array>

#include "formats/dwg/acis.hpp"
#include "formats/dwg/attributes.hpp"
#include "formats/dwg/blocks.hpp"
#include "formats/dwg/curves.hpp"
#include "formats/dwg/dimensions.hpp"
#include "formats/dwg/hatch.hpp"
#include "formats/dwg/images.hpp"
#include "formats/dwg/layouts.hpp"
#include "formats/dwg/leaders.hpp"
#include "formats/dwg/mesh.hpp"
#include "formats/dwg/mleader.hpp"
#include "formats/dwg/mline.hpp"
#include "formats/dwg/mtext.hpp"
#include "formats/dwg/objects.hpp"
#include "formats/dwg/polylines.hpp"
#include "formats/dwg/solids.hpp"
#include "formats/dwg/splines.hpp"
#include "formats/dwg/table.hpp"
#include "formats/dwg/text.hpp"
#include "formats/dwg/unknown.hpp"
#include "formats/dwg/viewport.hpp"

namespace cad::dwg {
namespace {

constexpr TypeRow entity(std::string_view name, ReadEntity read = nullptr) {
  return {name, Role::entity, read, nullptr};
}
constexpr TypeRow object(std::string_view name, ReadObject read = nullptr) {
  return {name, Role::object, nullptr, read};
}
constexpr TypeRow part(std::string_view name, Role role) { return {name, role, nullptr, nullptr}; }
constexpr TypeRow control(std::string_view name) { return part(name, Role::control); }
constexpr TypeRow kNone = part("", Role::unreadable);

// By number, from 0.
constexpr std::array kFixed{
    kNone,
    entity("TEXT", read_text),
    entity("ATTRIB", read_attrib),
    entity("ATTDEF", read_attdef),
    part("BLOCK", Role::block_begin),
    part("ENDBLK", Role::block_end),
    part("SEQEND", Role::seqend),
    entity("INSERT", read_insert),
    entity("INSERT", read_minsert),
    kNone,
    part("VERTEX", Role::vertex),          // 10: 2D
    part("VERTEX", Role::vertex),          // 3D
    part("VERTEX", Role::vertex),          // mesh
    part("VERTEX", Role::vertex),          // polyface
    part("VERTEX", Role::vertex),          // polyface face
    entity("POLYLINE", read_polyline_2d),  // 15: 2D
    entity("POLYLINE", read_polyline_3d),  // 3D
    entity("ARC", read_arc),
    entity("CIRCLE", read_circle),
    entity("LINE", read_line),
    entity("DIMENSION", read_ordinate_dimension),  // 20
    entity("DIMENSION", read_linear_dimension),
    entity("DIMENSION", read_aligned_dimension),
    entity("DIMENSION", read_angular3p_dimension),
    entity("DIMENSION", read_angular_dimension),
    entity("DIMENSION", read_radius_dimension),
    entity("DIMENSION", read_diameter_dimension),
    entity("POINT", read_point),
    entity("3DFACE", read_face3d),
    entity("POLYLINE", read_polyline_pface),  // 29: polyface
    entity("POLYLINE", read_polyline_mesh),   // mesh
    entity("SOLID", read_solid),
    entity("TRACE", read_trace),
    entity("SHAPE", read_shape),
    entity("VIEWPORT", read_viewport),
    entity("ELLIPSE", read_ellipse),
    entity("SPLINE", read_spline),
    entity("REGION", read_body),
    entity("3DSOLID", read_3dsolid),
    entity("BODY", read_body),
    entity("RAY", read_ray),  // 40
    entity("XLINE", read_xline),
    object("DICTIONARY"),
    entity("OLEFRAME", read_ole_frame),
    entity("MTEXT", read_mtext),
    entity("LEADER", read_leader),
    entity("TOLERANCE", read_tolerance),
    entity("MLINE", read_mline),
    control("BLOCK_CONTROL"),
    part("BLOCK_RECORD", Role::block_header),
    control("LAYER_CONTROL"),  // 50
    part("LAYER", Role::layer),
    control("STYLE_CONTROL"),
    part("STYLE", Role::text_style),
    kNone,
    kNone,
    control("LTYPE_CONTROL"),
    part("LTYPE", Role::linetype),
    kNone,
    kNone,
    control("VIEW_CONTROL"),  // 60
    part("VIEW", Role::other_record),
    control("UCS_CONTROL"),
    part("UCS", Role::other_record),
    control("VPORT_CONTROL"),
    part("VPORT", Role::other_record),
    control("APPID_CONTROL"),
    part("APPID", Role::other_record),
    control("DIMSTYLE_CONTROL"),
    part("DIMSTYLE", Role::dim_style),
    control("VX_CONTROL"),  // 70
    part("VX_TABLE_RECORD", Role::other_record),
    object("GROUP", read_group),
    object("MLINESTYLE", read_mline_style),
    entity("OLE2FRAME", read_ole2_frame),
    object("DUMMY"),
    object("LONG_TRANSACTION"),
    entity("LWPOLYLINE", read_lwpolyline),
    entity("HATCH", read_hatch),
    object("XRECORD"),
    object("ACDBPLACEHOLDER"),  // 80
    object("VBA_PROJECT"),
    object("LAYOUT", read_layout),
};
static_assert(kFixed.size() == 83 && kFixed[0x4D].name == "LWPOLYLINE" &&
              kFixed[0x2B].name == "OLEFRAME" && kFixed[0x1F].name == "SOLID");

constexpr TypeRow kProxyEntity = entity("ACAD_PROXY_ENTITY", read_proxy);
constexpr TypeRow kProxyObject = object("ACAD_PROXY_OBJECT");
constexpr std::uint16_t kProxyEntityCode = 498, kProxyObjectCode = 499;

// By class name, sorted (checked below). Types that also have a number may come as classes in
// older files.
constexpr std::array kNamed{
    entity("ACAD_TABLE", read_table),
    object("ACDBDICTIONARYWDFLT"),
    object("ACDB_BLOCKREPRESENTATION_DATA"),
    entity("ARC_DIMENSION", read_arc_dimension),
    entity("CAMERA"),
    object("DBCOLOR", read_book_color),
    object("DGNDEFINITION", read_underlay_definition),
    entity("DGNUNDERLAY", read_underlay),
    object("DICTIONARYVAR", read_dictionary_variable),
    object("DWFDEFINITION", read_underlay_definition),
    entity("DWFUNDERLAY", read_underlay),
    entity("EXTRUDEDSURFACE", read_surface),
    object("GEODATA"),
    entity("GEOPOSITIONMARKER"),
    entity("HELIX", read_helix),
    entity("IMAGE", read_image),
    object("IMAGEDEF", read_image_definition),
    object("IMAGEDEF_REACTOR"),
    entity("LARGE_RADIAL_DIMENSION", read_large_radial_dimension),
    entity("LIGHT"),
    entity("LOFTEDSURFACE", read_surface),
    object("MATERIAL"),
    entity("MESH", read_mesh),
    object("MLEADERSTYLE"),
    entity("MPOLYGON"),
    entity("MULTILEADER", read_mleader),
    entity("NURBSURFACE", read_surface),
    object("PDFDEFINITION", read_underlay_definition),
    entity("PDFUNDERLAY", read_underlay),
    entity("PLANESURFACE", read_surface),
    object("PLOTSETTINGS"),
    object("RASTERVARIABLES"),
    entity("REVOLVEDSURFACE", read_surface),
    object("SCALE"),
    entity("SECTIONOBJECT"),
    object("SORTENTSTABLE", read_draw_order),
    object("SPATIAL_FILTER"),
    entity("SURFACE", read_surface),
    entity("SWEPTSURFACE", read_surface),
    object("TABLESTYLE"),
    object("VISUALSTYLE"),
    entity("WIPEOUT", read_wipeout),
    object("WIPEOUTVARIABLES"),
};
static_assert(std::ranges::is_sorted(kNamed, {}, &TypeRow::name));

}  // namespace

const TypeRow kUnknownEntity = entity("UNKNOWN");
const TypeRow kUnknownObject = object("UNKNOWN");

const TypeRow* fixed_type(std::uint16_t code) {
  if (code == kProxyEntityCode) return &kProxyEntity;
  if (code == kProxyObjectCode) return &kProxyObject;
  if (code >= kFixed.size() || kFixed[code].name.empty()) return nullptr;
  return &kFixed[code];
}

const TypeRow* named_type(std::string_view dxf_name) {
  const auto row = std::ranges::lower_bound(kNamed, dxf_name, {}, &TypeRow::name);
  if (row != kNamed.end() && row->name == dxf_name) return &*row;
  // Old releases define as classes what has a number now: LWPOLYLINE, HATCH, LAYOUT ...
  const auto fixed = std::ranges::find(kFixed, dxf_name, &TypeRow::name);
  return fixed != kFixed.end() && !fixed->name.empty() ? &*fixed : nullptr;
}

}  // namespace cad::dwg
