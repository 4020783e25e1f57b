// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/entity_table.hpp"

#include <algorithm>
#include <array>

#include "formats/dxf/blocks.hpp"
#include "formats/dxf/curves.hpp"
#include "formats/dxf/dimensions.hpp"
#include "formats/dxf/entity_tags.hpp"
#include "formats/dxf/hatch.hpp"
#include "formats/dxf/helix.hpp"
#include "formats/dxf/images.hpp"
#include "formats/dxf/mleader.hpp"
#include "formats/dxf/mline.hpp"
#include "formats/dxf/polylines.hpp"
#include "formats/dxf/solids.hpp"
#include "formats/dxf/table.hpp"
#include "formats/dxf/text.hpp"
#include "formats/dxf/unknown.hpp"
#include "formats/dxf/viewport.hpp"

namespace cad::dxf {
namespace {

// Sorted by name (checked below).
constexpr std::array kRows{
    EntityRow{"3DFACE", read_face3d, kPlain},
    EntityRow{"3DSOLID", read_acis, kPlain},
    EntityRow{"ACAD_PROXY_ENTITY", read_proxy, kKeepsGraphics},
    EntityRow{"ACAD_TABLE", read_table, kPlain},
    EntityRow{"ARC", read_arc, kPlain},
    EntityRow{"ARC_DIMENSION", read_arc_dimension, kPlain},
    EntityRow{"ATTDEF", read_attdef, kPlain},
    EntityRow{"ATTRIB", read_attrib, kPlain},
    EntityRow{"BODY", read_acis, kPlain},
    EntityRow{"CIRCLE", read_circle, kPlain},
    EntityRow{"DGNUNDERLAY", read_underlay, kPlain},
    EntityRow{"DIMENSION", read_dimension, kPlain},
    EntityRow{"DWFUNDERLAY", read_underlay, kPlain},
    EntityRow{"ELLIPSE", read_ellipse, kPlain},
    EntityRow{"EXTRUDEDSURFACE", read_acis, kOwnCodes},
    EntityRow{"HATCH", read_hatch, kPlain},
    EntityRow{"HELIX", read_helix, kPlain},
    EntityRow{"IMAGE", read_image, kPlain},
    EntityRow{"INSERT", read_insert, kPlain},
    EntityRow{"LARGE_RADIAL_DIMENSION", read_large_radial_dimension, kPlain},
    EntityRow{"LEADER", read_leader, kPlain},
    EntityRow{"LINE", read_line, kPlain},
    EntityRow{"LOFTEDSURFACE", read_acis, kOwnCodes},
    EntityRow{"LWPOLYLINE", read_lwpolyline, kPlain},
    EntityRow{"MESH", read_mesh, kPlain},
    EntityRow{"MLEADER", read_mleader, kPlain},
    EntityRow{"MLINE", read_mline, kPlain},
    EntityRow{"MPOLYGON", read_mpolygon, kPlain},
    EntityRow{"MTEXT", read_mtext, kPlain},
    EntityRow{"MULTILEADER", read_mleader, kPlain},
    EntityRow{"NURBSURFACE", read_acis, kOwnCodes},
    EntityRow{"OLE2FRAME", read_ole_frame, kPlain},
    EntityRow{"OLEFRAME", read_ole_frame, kPlain},
    EntityRow{"PDFUNDERLAY", read_underlay, kPlain},
    EntityRow{"PLANESURFACE", read_acis, kOwnCodes},
    EntityRow{"POINT", read_point, kPlain},
    EntityRow{"POLYLINE", read_polyline, kPlain},
    EntityRow{"RAY", read_ray, kPlain},
    EntityRow{"REGION", read_acis, kPlain},
    EntityRow{"REVOLVEDSURFACE", read_acis, kOwnCodes},
    EntityRow{"SHAPE", read_shape, kPlain},
    EntityRow{"SOLID", read_solid, kPlain},
    EntityRow{"SPLINE", read_spline, kPlain},
    EntityRow{"SURFACE", read_acis, kOwnCodes},
    EntityRow{"SWEPTSURFACE", read_acis, kOwnCodes},
    EntityRow{"TEXT", read_text, kPlain},
    EntityRow{"TOLERANCE", read_tolerance, kPlain},
    EntityRow{"TRACE", read_solid, kPlain},
    EntityRow{"VIEWPORT", read_viewport, kPlain},
    EntityRow{"WIPEOUT", read_wipeout, kPlain},
    EntityRow{"XLINE", read_xline, kPlain},
};
static_assert(std::ranges::is_sorted(kRows, {}, &EntityRow::type));

}  // namespace

const EntityRow* find_entity_row(std::string_view type) {
  const auto row = std::ranges::lower_bound(kRows, type, {}, &EntityRow::type);
  return row != kRows.end() && row->type == type ? &*row : nullptr;
}

}  // namespace cad::dxf
