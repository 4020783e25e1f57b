// SPDX-License-Identifier: Apache-2.0
#include "geom/measure.hpp"

#include <gtest/gtest.h>

#include "geom/arcs.hpp"

namespace cad {
namespace {

Entity entity(Geometry geometry) {
  Entity out;
  out.geometry = std::move(geometry);
  return out;
}

TEST(Measure, LineInSpace) {
  const Metrics m = measure(entity(Line{{1, 1, 1}, {3, 4, 7}}));
  EXPECT_DOUBLE_EQ(*m.length, 7);
  EXPECT_FALSE(m.area || m.perimeter || m.vertex_count);
}

TEST(Measure, CircleAndArc) {
  const Metrics circle = measure(entity(Circle{{5, 5, 0}, 2}));
  EXPECT_NEAR(*circle.perimeter, 12.566370614359172, 1e-12);
  EXPECT_NEAR(*circle.area, 12.566370614359172, 1e-12);
  // 350 to 10 degrees crosses zero: 20 degrees of radius 9 are pi.
  EXPECT_NEAR(*measure(entity(Arc{{}, 9, 350, 10})).length, 3.14159265358979, 1e-12);
  EXPECT_NEAR(*measure(entity(Arc{{}, 1, 0, 360})).length, 6.28318530717959, 1e-12);
}

TEST(Measure, EllipsePerimeterAgreesWithTables) {
  // E(k) for a = 5, b = 3 from tables: perimeter 25.526998863398...
  const Metrics full = measure(entity(Ellipse{{}, {3, 4, 0}, 0.6}));
  EXPECT_NEAR(*full.area, 47.12388980384690, 1e-11);
  EXPECT_NEAR(*full.perimeter, 25.526998863398, 1e-9);
  EXPECT_NEAR(ellipse_perimeter(2, 2), 12.566370614359172, 1e-12);
  EXPECT_DOUBLE_EQ(ellipse_perimeter(3, 0), 12);
  EXPECT_FALSE(measure(entity(Ellipse{{}, {5, 0, 0}, 0.6, 0, 1})).length);
}

TEST(Measure, PolylineWithBulges) {
  // A square of side 2 whose right side bulges out as a half circle of radius 1.
  LwPolyline p;
  p.vertices = {{0, 0}, {2, 0, 1}, {2, 2}, {0, 2}};
  EXPECT_NEAR(*measure(entity(p)).length, 4 + 3.14159265358979, 1e-12);
  EXPECT_FALSE(measure(entity(p)).area);
  p.closed = true;
  const Metrics closed = measure(entity(p));
  EXPECT_NEAR(*closed.perimeter, 6 + 3.14159265358979, 1e-12);
  EXPECT_NEAR(*closed.area, 4 + 3.14159265358979 / 2, 1e-12);
  EXPECT_EQ(*closed.vertex_count, 4u);
  p.vertices[1].bulge = -1;  // and in: a bite of the same size
  EXPECT_NEAR(*measure(entity(p)).area, 4 - 3.14159265358979 / 2, 1e-12);
}

TEST(Measure, AreaFarFromTheOriginKeepsItsDigits) {
  LwPolyline p;
  p.closed = true;
  const double x = 5e8, y = 7e8;
  p.vertices = {{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}};
  EXPECT_DOUBLE_EQ(*measure(entity(p)).area, 1);
}

TEST(Measure, FlatBulgeIsContinuous) {
  // Just above and below the switch to the series both give chord^2 * bulge / 3.
  for (const double bulge : {1e-4, 1e-7, 1e-10})
    EXPECT_NEAR(bulge_area({0, 0}, {1, 0}, bulge) / bulge, 1.0 / 3, 1e-6) << bulge;
}

TEST(Measure, SolidIsABowTieAsStored) {
  Solid s;
  s.corners = {Vec3{0, 0, 0}, {4, 0, 0}, {0, 3, 0}, {4, 3, 0}};
  EXPECT_DOUBLE_EQ(*measure(entity(s)).area, 12);
  EXPECT_DOUBLE_EQ(*measure(entity(s)).perimeter, 14);
  s.corners[3] = s.corners[2];
  EXPECT_DOUBLE_EQ(*measure(entity(s)).area, 6);
  s.corners = {Vec3{0, 0, 0}, {4, 0, 0}, {4, 3, 0}, {0, 3, 0}};  // stored in turn: crosses itself
  EXPECT_FALSE(measure(entity(s)).area);
}

TEST(Measure, HatchOfOneLoop) {
  Hatch h;
  HatchLoop loop;  // a half disk of radius 1 at (10, 10)
  loop.edges = {HatchLineEdge{{9, 10}, {11, 10}}, HatchArcEdge{{10, 10}, 1, 0, 180, true}};
  h.loops = {loop};
  EXPECT_NEAR(*measure(entity(h)).area, 1.570796326794897, 1e-12);
  EXPECT_NEAR(*measure(entity(h)).perimeter, 2 + 3.14159265358979, 1e-12);
  h.loops.push_back(loop);
  EXPECT_FALSE(measure(entity(h)).area);
}

TEST(Measure, InfiniteResultsAreNull) {
  EXPECT_FALSE(measure(entity(Line{{-1e308, 0, 0}, {1e308, 0, 0}})).length);
}

}  // namespace
}  // namespace cad
