// SPDX-License-Identifier: Apache-2.0
#include "geom/nurbs.hpp"

#include <gtest/gtest.h>

#include <numbers>

namespace cad {
namespace {

Vec3 at(const std::vector<Vec3>& b, std::size_t piece, double t) {
  const Vec3* p = &b[piece * 3];
  const double s = 1 - t;
  return p[0] * (s * s * s) + p[1] * (3 * s * s * t) + p[2] * (3 * s * t * t) + p[3] * (t * t * t);
}

TEST(Nurbs, SingleBezierStaysItself) {
  Spline s;
  s.control_points = {{0, 0, 0}, {1, 2, 0}, {3, 2, 1}, {4, 0, 0}};
  s.knots = {0, 0, 0, 0, 1, 1, 1, 1};
  EXPECT_EQ(to_beziers(s), s.control_points);
}

TEST(Nurbs, InteriorKnotSplitsExactly) {
  // Knot insertion by hand: (0,0,0,0,1,2,2,2,2) over five points.
  Spline s;
  s.control_points = {{0, 0, 0}, {0, 4, 0}, {4, 4, 0}, {8, 4, 0}, {8, 0, 0}};
  s.knots = {0, 0, 0, 0, 1, 2, 2, 2, 2};
  const auto b = to_beziers(s);
  ASSERT_EQ(b.size(), 7u);
  EXPECT_EQ(b[1], (Vec3{0, 4, 0}));
  EXPECT_EQ(b[2], (Vec3{2, 4, 0}));
  EXPECT_EQ(b[3], (Vec3{4, 4, 0}));
  EXPECT_EQ(b[4], (Vec3{6, 4, 0}));
  EXPECT_EQ(b[6], (Vec3{8, 0, 0}));
}

TEST(Nurbs, RationalQuarterCircle) {
  Spline s;
  s.degree = 2;
  s.control_points = {{1, 0, 0}, {1, 1, 0}, {0, 1, 0}};
  s.weights = {1, std::sqrt(0.5), 1};
  s.knots = {0, 0, 0, 1, 1, 1};
  const auto b = to_beziers(s);
  ASSERT_GT(b.size(), 3u);
  for (std::size_t i = 0; i < (b.size() - 1) / 3; ++i)
    for (const double t : {0.0, 0.3, 0.5, 1.0}) EXPECT_NEAR(length(at(b, i, t)), 1, 1e-7);
}

TEST(Nurbs, FitPointsAreInterpolated) {
  Spline s;
  s.fit_points = {{0, 0, 0}, {1, 1, 0}, {2, 0, 0}, {3, 1, 0}};
  const auto b = to_beziers(s);
  ASSERT_EQ(b.size(), 10u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(b[i * 3], s.fit_points[i]);
  // Equal chords: natural ends mean no curvature at the first point.
  const Vec3 second = b[0] - b[1] * 2 + b[2];
  EXPECT_NEAR(length(second), 0, 1e-12);
}

TEST(Nurbs, DamagedKnotsGiveACurveThroughTheEnds) {
  Spline s;
  s.control_points = {{0, 0, 0}, {1, 2, 0}, {3, 2, 0}, {4, 0, 0}, {6, 1, 0}};
  s.knots = {5, 1, 2};
  const auto b = to_beziers(s);
  ASSERT_FALSE(b.empty());
  EXPECT_EQ(b.front(), s.control_points.front());
  EXPECT_EQ(b.back(), s.control_points.back());
  s.control_points.resize(2);  // fewer points than the degree asks for
  EXPECT_EQ(to_beziers(s).size(), 4u);
  s.control_points.clear();
  EXPECT_TRUE(to_beziers(s).empty());
}

}  // namespace
}  // namespace cad
