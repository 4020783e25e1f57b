// SPDX-License-Identifier: Apache-2.0
#include "geom/wcs.hpp"

#include <gtest/gtest.h>

#include <numbers>

#include "geom/arcs.hpp"

namespace cad {
namespace {

Entity mirrored(Geometry geometry) {
  Entity out;
  out.normal = {0, 0, -1};
  out.geometry = std::move(geometry);
  return out;
}

// Points of an arc through the entity's own plane, and of its upright twin: the same set, in
// opposite direction.
void expect_same(const EllipticArc& a, const Affine& map, const EllipticArc& b, bool reversed) {
  const auto at = [](const EllipticArc& arc, double f) {
    const double t = arc.t0 + (arc.t1 - arc.t0) * f;
    return arc.center + arc.u * std::cos(t) + arc.v * std::sin(t);
  };
  for (const double f : {0.0, 0.25, 0.7, 1.0}) {
    const Vec2 p = map(at(a, f)), q = at(b, reversed ? 1 - f : f);
    EXPECT_NEAR(p.x, q.x, 1e-9);
    EXPECT_NEAR(p.y, q.y, 1e-9);
  }
}

TEST(Upright, ArcStaysCounterClockwise) {
  const Entity e = mirrored(Arc{{10, 5, 2}, 3, 30, 100});
  const Entity up = upright(e);
  const Arc& arc = std::get<Arc>(up.geometry);
  EXPECT_EQ(arc.center, (Vec3{-10, 5, -2}));
  EXPECT_DOUBLE_EQ(arc.start_angle_deg, 80);
  EXPECT_DOUBLE_EQ(arc.end_angle_deg, 150);
  EXPECT_EQ(up.normal, (Vec3{0, 0, 1}));
  expect_same(to_arc(std::get<Arc>(e.geometry)), Ocs({0, 0, -1}).top_view(), to_arc(arc), true);
}

TEST(Upright, FullTurnStaysFull) {
  const Arc arc = std::get<Arc>(upright(mirrored(Arc{{}, 3, 0, 360})).geometry);
  EXPECT_DOUBLE_EQ(arc.end_angle_deg - arc.start_angle_deg, 360);
}

TEST(Upright, PolylineNegatesBulges) {
  LwPolyline p;
  p.elevation = 4;
  p.vertices = {{1, 2, 0.5}, {3, 4, 0}};
  const Entity up = upright(mirrored(p));
  const LwPolyline& q = std::get<LwPolyline>(up.geometry);
  EXPECT_EQ(q.vertices[0].x, -1);
  EXPECT_EQ(q.vertices[0].bulge, -0.5);
  EXPECT_FALSE(std::signbit(q.vertices[1].bulge));
  EXPECT_EQ(q.elevation, -4);
}

TEST(Upright, EllipseTurnsItsParameters) {
  const Entity e = mirrored(Ellipse{{1, 1, 0}, {2, 1, 0}, 0.5, 0.3, 1.8});
  const Entity up = upright(e);
  expect_same(to_arc(std::get<Ellipse>(e.geometry), e.normal), Affine{},
              to_arc(std::get<Ellipse>(up.geometry), up.normal), true);
}

TEST(Upright, InsertIsMirroredAboutItsPoint) {
  Insert insert;
  insert.position = {10, 0, 0};
  insert.scale = {2, 3, 1};
  insert.rotation_deg = 30;
  const Entity up = upright(mirrored(insert));
  const Insert& q = *std::get<Indirect<Insert>>(up.geometry);
  // A block point p goes to M(R(30) S p + position).
  const auto turn = [](double deg, Vec2 p) {
    const double a = deg * std::numbers::pi / 180;
    return Vec2{p.x * std::cos(a) - p.y * std::sin(a), p.x * std::sin(a) + p.y * std::cos(a)};
  };
  const Vec2 before = turn(30, {2 * 1.0, 3 * 1.0}) + Vec2{10, 0};
  const Vec2 after = turn(q.rotation_deg, {q.scale.x, q.scale.y}) + q.position.xy();
  EXPECT_NEAR(after.x, -before.x, 1e-12);
  EXPECT_NEAR(after.y, before.y, 1e-12);
}

TEST(Upright, HatchEdgesKeepTheirPlaces) {
  for (const bool ccw : {true, false}) {
    Hatch h;
    HatchLoop loop;
    loop.edges = {HatchArcEdge{{3, 4}, 2, 20, 110, ccw},
                  HatchEllipseEdge{{3, 4}, {2, 1}, 0.4, 20, 110, ccw}};
    h.loops = {loop};
    const Entity up = upright(mirrored(h));
    const auto& edges = std::get<Indirect<Hatch>>(up.geometry)->loops[0].edges;
    const Affine map = Ocs({0, 0, -1}).top_view();
    expect_same(to_arc(std::get<1>(loop.edges[0])), map, to_arc(std::get<1>(edges[0])), false);
    expect_same(to_arc(std::get<2>(loop.edges[1])), map, to_arc(std::get<2>(edges[1])), false);
  }
}

TEST(Upright, LeavesWorldEntitiesAlone) {
  const Entity line = mirrored(Line{{1, 2, 3}, {4, 5, 6}});
  EXPECT_FALSE(is_upside_down(line));
  EXPECT_EQ(std::get<Line>(upright(line).geometry).start, (Vec3{1, 2, 3}));
}

TEST(Ocs, TiltedPlaneFollowsTheArbitraryAxisAlgorithm) {
  // Normal (1,0,0): x = Z x N = (0,1,0), y = N x x = (0,0,1).
  const Ocs ocs({1, 0, 0});
  const Vec3 p = ocs.to_wcs({2, 3, 4});
  EXPECT_NEAR(p.x, 4, 1e-12);
  EXPECT_NEAR(p.y, 2, 1e-12);
  EXPECT_NEAR(p.z, 3, 1e-12);
}

TEST(Arcs, ClockwiseHatchArcMeasuresClockwise) {
  // Stored 0..90 clockwise: from angle 0 down to -90.
  const EllipticArc arc = to_arc(HatchArcEdge{{0, 0}, 1, 0, 90, false});
  EXPECT_NEAR(arc.t1 - arc.t0, -std::numbers::pi / 2, 1e-12);
  EXPECT_NEAR(std::sin(arc.t1), -1, 1e-12);
}

TEST(Arcs, BulgeArcEndsWhereItShould) {
  const Vec2 from{1, 2}, to{4, 6};
  for (const double bulge : {0.3, -0.3, 1.0, -2.5}) {
    const EllipticArc arc = bulge_arc(from, to, bulge);
    const double r = arc.u.x;
    EXPECT_NEAR(arc.center.x + r * std::cos(arc.t1), to.x, 1e-9) << bulge;
    EXPECT_NEAR(arc.center.y + r * std::sin(arc.t1), to.y, 1e-9) << bulge;
    EXPECT_NEAR(std::abs(arc.t1 - arc.t0) * r, bulge_length(from, to, bulge), 1e-9);
  }
}

}  // namespace
}  // namespace cad
