// SPDX-License-Identifier: Apache-2.0
#include "geom/acis_isolines.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

namespace cad::acis {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kAlong = 1.0 / 0.99;  // chords are a little short

// About (1, 2, 3), up; u = 0 along x.
const Surface kCylinder =
    *surface_of("cone", std::array{1., 2., 3., 0., 0., 1., 5., 0., 0., 1., 0., 1.});
const Surface kSphere = *surface_of("sphere", std::array{1., 2., 3., 10., 1., 0., 0., 0., 0., 1.});
const Surface kTorus =
    *surface_of("torus", std::array{1., 2., 3., 0., 0., 1., 30., 10., 1., 0., 0.});

using Lines = std::vector<std::vector<Vec3>>;

// A loop through these parameters, by straight ways in 32 steps each.
Loop loop(const Surface& s, std::initializer_list<Vec2> corners) {
  Loop points;
  const std::vector<Vec2> c(corners);
  for (std::size_t i = 0; i < c.size(); ++i) {
    const Vec2 way = c[(i + 1) % c.size()] - c[i];
    for (int k = 0; k < 32; ++k) {
      const Vec2 p = c[i] + way * (k / 32.0);
      const Vec3 point = s.at(p.x, p.y);
      if (points.empty() || length(points.back() - point) > 1e-9) points.push_back(point);
    }
  }
  return points;
}

// Around at this v, the face above it; backward: below.
Loop ring(const Surface& s, double v, bool backward = false) {
  Loop points;
  for (int k = 0; k < 64; ++k) points.push_back(s.at((backward ? -k : k) * kPi / 32, v));
  return points;
}

double reach(const Lines& lines) {
  double sum = 0;
  for (const auto& line : lines)
    for (std::size_t i = 1; i < line.size(); ++i) sum += length(line[i] - line[i - 1]);
  return sum;
}

TEST(AcisIsolines, ACylinderHasFourLinesBetweenItsCircles) {
  const std::array loops{ring(kCylinder, 0), ring(kCylinder, 7, true)};
  const Lines lines = isolines(kCylinder, false, loops);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_NEAR(reach(lines), 4 * 7, 1e-9);
  EXPECT_NEAR(length(lines[0][0] - Vec3{6, 2, 3}), 0, 1e-9);
  EXPECT_NEAR(length(lines[1][1] - Vec3{1, 7, 10}), 0, 1e-9);
}

TEST(AcisIsolines, AHoleSeenFromInsideIsTheSame) {
  const std::array loops{ring(kCylinder, 0, true), ring(kCylinder, 7)};
  EXPECT_NEAR(reach(isolines(kCylinder, true, loops)), 4 * 7, 1e-9);
  Surface inward = kCylinder;
  inward.inward = true;
  EXPECT_NEAR(reach(isolines(inward, false, loops)), 4 * 7, 1e-9);
}

TEST(AcisIsolines, AWindowInterruptsALine) {
  const std::array loops{ring(kCylinder, 0), ring(kCylinder, 7, true),
                         loop(kCylinder, {{0.5, 2}, {-0.5, 2}, {-0.5, 4}, {0.5, 4}})};
  const Lines lines = isolines(kCylinder, false, loops);
  EXPECT_EQ(lines.size(), 5u);
  EXPECT_NEAR(reach(lines), 4 * 7 - 2, 1e-9);
}

TEST(AcisIsolines, LinesOutsideTheFaceOrOnItsEdgesAreNone) {
  const std::array part{loop(kCylinder, {{0.2, 0}, {1, 0}, {1, 7}, {0.2, 7}})};
  EXPECT_TRUE(isolines(kCylinder, false, part).empty());
  const std::array half{loop(kCylinder, {{0, 0}, {kPi / 2, 0}, {kPi, 0}, {kPi, 7}, {0, 7}})};
  EXPECT_NEAR(reach(isolines(kCylinder, false, half)), 7, 1e-6);  // that at 90 degrees
}

TEST(AcisIsolines, AConeReachesItsTip) {
  // Radius 5 at the center's height, closing by 1 in 2.
  const double sine = -1 / std::sqrt(5), cosine = 2 / std::sqrt(5);
  const Surface cone =
      *surface_of("cone", std::array{0., 0., 0., 0., 0., 1., 5., 0., 0., 1., sine, cosine});
  EXPECT_NEAR(cone.v_max, 10, 1e-12);
  const std::array whole{ring(cone, -2)};
  const Lines lines = isolines(cone, false, whole);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_NEAR(length(lines[0][0] - Vec3{6, 0, -2}), 0, 1e-9);
  EXPECT_NEAR(length(lines[0][1] - Vec3{0, 0, 10}), 0, 1e-9);
  // Half of it, up one side and down the other through the tip.
  const std::array half{loop(cone, {{-1, -2}, {1, -2}, {1, 10}, {-1, 10}})};
  ASSERT_EQ(isolines(cone, false, half).size(), 1u);
  EXPECT_NEAR(length(isolines(cone, false, half)[0][1] - Vec3{0, 0, 10}), 0, 1e-6);
}

TEST(AcisIsolines, AWholeSphereIsThreeCircles) {
  const Lines lines = isolines(kSphere, false, {});
  EXPECT_EQ(lines.size(), 5u);  // four halves and the equator
  EXPECT_NEAR(reach(lines), 3 * 2 * kPi * 10, 0.5);
}

TEST(AcisIsolines, PartsOfASphereKeepTheirSide) {
  const double circle = 2 * kPi * 10;
  const std::array above{ring(kSphere, 0.5)}, below{ring(kSphere, 0.5, true)};
  EXPECT_NEAR(reach(isolines(kSphere, false, above)), circle * 4 * (kPi / 2 - 0.5) / (2 * kPi),
              0.2);
  EXPECT_NEAR(reach(isolines(kSphere, false, below)),
              circle * (1 + 4 * (kPi / 2 + 0.5) / (2 * kPi)), 0.4);
  EXPECT_NEAR(reach(isolines(kSphere, true, above)), reach(isolines(kSphere, false, below)), 1e-9);
}

// Between two meridians, through both poles; then all but that.
TEST(AcisIsolines, LunesOfASphere) {
  const double circle = 2 * kPi * 10;
  for (const double half : {0.3, kPi / 2 - 0.01, kPi / 2, 2.0, 3.0}) {
    const std::array lune{
        loop(kSphere, {{half, -kPi / 2}, {half, kPi / 2}, {-half, kPi / 2}, {-half, -kPi / 2}})};
    const double meridians = 1 + (half > kPi / 2 + 1e-3 ? 2 : 0);
    EXPECT_NEAR(reach(isolines(kSphere, false, lune)),
                circle * (meridians / 2 + 2 * half / (2 * kPi)), 0.3)
        << half;
  }
}

// A small hole beside all lines takes nothing away.
TEST(AcisIsolines, LinesThatNoEdgeCrossesAreWholeOrNone) {
  const std::array hole{loop(kSphere, {{0.9, 0.4}, {0.7, 0.4}, {0.7, 0.6}, {0.9, 0.6}})};
  EXPECT_NEAR(reach(isolines(kSphere, false, hole)), reach(isolines(kSphere, false, {})), 1e-9);
  EXPECT_TRUE(isolines(kSphere, true, hole).empty());
  const std::array torus_hole{loop(kTorus, {{0.9, 0.4}, {0.7, 0.4}, {0.7, 0.6}, {0.9, 0.6}})};
  EXPECT_EQ(isolines(kTorus, false, torus_hole).size(), 8u);
}

TEST(AcisIsolines, AWholeTorusIsFourRingsAndFourCircles) {
  const Lines lines = isolines(kTorus, false, {});
  ASSERT_EQ(lines.size(), 8u);
  EXPECT_NEAR(reach(lines) * kAlong, (4 * 10 + 40 + 20 + 2 * 30) * 2 * kPi * kAlong, 2);
}

// A quarter of the way around, the outer half of the tube.
TEST(AcisIsolines, PartsOfATorusKeepTheirSide) {
  const std::array part{
      loop(kTorus, {{0.1, -1.5}, {kPi / 2 + 0.1, -1.5}, {kPi / 2 + 0.1, 1.5}, {0.1, 1.5}})};
  const Lines inside = isolines(kTorus, false, part);
  ASSERT_EQ(inside.size(), 2u);  // the ring at 90 degrees, the outer circle
  EXPECT_NEAR(reach(inside), 10 * 3.0 + 40 * kPi / 2, 0.2);
  EXPECT_NEAR(reach(isolines(kTorus, true, part)) + reach(inside),
              reach(isolines(kTorus, false, {})), 0.5);
}

TEST(AcisIsolines, AThickTubeEndsAtTheAxis) {
  const Surface apple =
      *surface_of("torus", std::array{0., 0., 0., 0., 0., 1., 5., 10., 1., 0., 0.});
  for (const auto& line : isolines(apple, false, {}))
    for (const Vec3 p : line) EXPECT_GE(std::hypot(p.x, p.y) + 1e-9, 0);
  const Surface lemon =
      *surface_of("torus", std::array{0., 0., 0., 0., 0., 1., -5., 10., 1., 0., 0.});
  double widest = 0;
  for (const auto& line : isolines(lemon, false, {}))
    for (const Vec3 p : line) widest = std::max(widest, std::hypot(p.x, p.y));
  EXPECT_NEAR(widest, 5, 1e-9);
}

TEST(AcisIsolines, ImpossibleSurfacesAreNone) {
  EXPECT_FALSE(surface_of("cone", std::array{0., 0., 0.}));
  EXPECT_FALSE(surface_of("cone", std::array{0., 0., 0., 0., 0., 1., 0., 0., 0., 1., 0., 1.}));
  EXPECT_FALSE(surface_of("cone", std::array{0., 0., 0., 0., 0., 1., 1., 0., 0., 1., 1., 0.}));
  EXPECT_FALSE(surface_of("sphere", std::array{0., 0., 0., 0.}));
  EXPECT_FALSE(surface_of("torus", std::array{0., 0., 0., 0., 0., 1., -20., 10., 1., 0., 0.}));
  EXPECT_FALSE(surface_of("plane", std::array{0., 0., 0., 0., 0., 1., 1., 0., 0., 1., 0., 1.}));
}

}  // namespace
}  // namespace cad::acis
