// SPDX-License-Identifier: Apache-2.0
// Circular and elliptic arcs as the formats store them -> EllipticArc, in the plane of the entity.
#pragma once

#include "geom/path.hpp"
#include "model/curves.hpp"
#include "model/hatch.hpp"
#include "model/polylines.hpp"

namespace cad {

// From `start` counter-clockwise to `end`, in (0, 2 pi]; equal angles (modulo a turn) mean a full
// turn, as the DXF Reference has it for ARC and ELLIPSE. Radians.
double ccw_sweep(double start, double end);

// The arc through `from` and `to`; bulge = tan(sweep / 4), positive counter-clockwise, not 0.
// `from` != `to`. Very flat bulges give a huge radius: use is_straight() first.
EllipticArc bulge_arc(Vec2 from, Vec2 to, double bulge);
// Whether the segment is drawn as a straight line: no bulge, no length, or a sagitta below the
// resolution of doubles.
bool is_straight(Vec2 from, Vec2 to, double bulge);
// Exact length of the segment, and the signed area between chord and arc (positive: bulges to the
// right of the chord, that is, adds to the area of a counter-clockwise polygon).
double bulge_length(Vec2 from, Vec2 to, double bulge);
double bulge_area(Vec2 from, Vec2 to, double bulge);

EllipticArc to_arc(const Circle& circle);      // OCS
EllipticArc to_arc(const Arc& arc);            // OCS, counter-clockwise
EllipticArc to_arc(const HatchArcEdge& edge);  // OCS, in the direction of the loop
EllipticArc to_arc(const HatchEllipseEdge& edge);
// WCS seen from +z, for any normal.
EllipticArc to_arc(const Ellipse& ellipse, Vec3 normal);
// The minor axis: normal x major * ratio, WCS.
Vec3 minor_axis(const Ellipse& ellipse, Vec3 normal);

// The perimeter of a full ellipse, exact to rounding (arithmetic-geometric mean).
double ellipse_perimeter(double a, double b);

}  // namespace cad
