// SPDX-License-Identifier: Apache-2.0
// What the entity families draw.
#include <gtest/gtest.h>

#include <numbers>

#include "scene/test_support.hpp"

namespace cad::scene {
namespace {

using testing::Recorded;
using testing::Recorder;
using testing::TestDrawing;

// Area under the non-zero rule of subpaths that do not overlap, arcs flattened finely.
double area_of(const Path& path) {
  std::vector<Polyline2> rings;
  flatten(path, 1e-7, rings);
  double sum = 0;
  for (const Polyline2& ring : rings)
    for (std::size_t i = 0; i < ring.points.size(); ++i)
      sum += cross(ring.points[i], ring.points[(i + 1) % ring.points.size()]) / 2;
  return sum;
}

double dashed_length(const Path& path) {
  std::vector<Polyline2> lines;
  flatten(path, 1e-9, lines);
  double sum = 0;
  for (const Polyline2& line : lines)
    for (std::size_t i = 0; i + 1 < line.points.size(); ++i)
      sum += length(line.points[i + 1] - line.points[i]);
  return sum;
}

std::size_t moves(const Path& path) {
  return static_cast<std::size_t>(std::count(path.verbs.begin(), path.verbs.end(), Verb::move));
}

LinetypeId dashes(TestDrawing& t, std::vector<double> lengths) {
  Linetype linetype;
  for (const double length : lengths) {
    linetype.elements.push_back({});
    linetype.elements.back().length = length;
  }
  t.drawing.linetypes.push_back(linetype);
  return {static_cast<std::uint32_t>(t.drawing.linetypes.size() - 1)};
}

TEST(Linetypes, BothEndsCarryDashes) {
  TestDrawing t;
  Entity& e = t.add(Line{{0, 0, 0}, {10, 0, 0}});
  e.linetype = dashes(t, {2, -1});
  // Three patterns of 3 in 10; the ends get (10 - 9 + 2) / 2 = 1.5 each, two dashes of 2 between.
  const Path path = t.draw().calls.at(0).path;
  EXPECT_EQ(moves(path), 4u);
  EXPECT_NEAR(path.points[1].x, 1.5, 1e-12);
  EXPECT_NEAR(path.points[2].x, 2.5, 1e-12);
  EXPECT_NEAR(path.points[6].x, 8.5, 1e-12);
  EXPECT_NEAR(path.points[7].x, 10, 1e-12);
}

TEST(Linetypes, ScalesMultiply) {
  TestDrawing t;
  Entity& e = t.add(Line{{0, 0, 0}, {100, 0, 0}});
  e.linetype = dashes(t, {1, -1});
  e.linetype_scale = 2;
  t.drawing.header.ltscale = 5;  // pattern of 20: 5 repeats
  EXPECT_EQ(moves(t.draw().calls.at(0).path), 6u);
}

TEST(Linetypes, DotsAreLinesOfNoLength) {
  TestDrawing t;
  t.add(Line{{0, 0, 0}, {10, 0, 0}}).linetype = dashes(t, {0, -1});
  const Path path = t.draw().calls.at(0).path;
  ASSERT_GE(path.points.size(), 20u);
  EXPECT_EQ(path.points[2], path.points[3]);
  EXPECT_EQ(dashed_length(path), 0);
}

TEST(Linetypes, DashesFollowArcsExactly) {
  TestDrawing t;
  t.add(Circle{{0, 0, 0}, 10}).linetype = dashes(t, {2, -1});
  const Path path = t.draw().calls.at(0).path;
  // 20 patterns in 62.83; each leaves a gap of 1.
  EXPECT_NEAR(dashed_length(path), 20 * std::numbers::pi - 20, 1e-4);
  for (const Vec2 p : path.points) EXPECT_NEAR(length(p), 10, 1e-9);
}

TEST(Linetypes, TooManyDashesBecomeALine) {
  TestDrawing t;
  t.add(Line{{0, 0, 0}, {1e9, 0, 0}}).linetype = dashes(t, {2, -1});
  EXPECT_EQ(t.draw().calls.at(0).path.points.size(), 2u);
}

TEST(Linetypes, ShorterThanAPatternIsContinuous) {
  TestDrawing t;
  t.add(Line{{0, 0, 0}, {2.5, 0, 0}}).linetype = dashes(t, {2, -1});
  EXPECT_EQ(t.draw().calls.at(0).path.points.size(), 2u);
}

TEST(WidePolyline, ConstantWidthWithAMiter) {
  TestDrawing t;
  LwPolyline p;
  p.vertices = {{0, 0}, {10, 0}, {10, 10}};
  p.has_constant_width = true;
  p.constant_width = 2;
  t.add(p);
  const Recorder r = t.draw();
  ASSERT_EQ(r.calls.size(), 1u);
  EXPECT_EQ(r.calls[0].kind, Recorded::Kind::fill);
  EXPECT_EQ(r.calls[0].rule, FillRule::non_zero);
  // The miter fills the outer corner at (11,-1).
  EXPECT_EQ(t.measure().all, (Box2{0, -1, 11, 10}));
}

TEST(WidePolyline, TaperedSegmentIsATrapezoid) {
  TestDrawing t;
  LwPolyline p;
  p.vertices = {{0, 0, 0, 4, 0}, {10, 0}};
  t.add(p);
  EXPECT_NEAR(area_of(t.draw().calls.at(0).path), 20, 1e-9);
}

TEST(WidePolyline, ArcsAreRings) {
  TestDrawing t;
  LwPolyline p;  // a donut: two half circles of radius 5, 2 wide
  p.vertices = {{-5, 0, 1, 2, 2}, {5, 0, 1, 2, 2}};
  p.closed = true;
  t.add(p);
  const Path path = t.draw().calls.at(0).path;
  EXPECT_NEAR(area_of(path), std::numbers::pi * (36 - 16), 1e-3);
  EXPECT_NEAR(extents(path).max_x, 6, 1e-9);
}

TEST(WidePolyline, DashesKeepTheirWidth) {
  TestDrawing t;
  LwPolyline p;
  p.vertices = {{0, 0, 0, 1, 1}, {10, 0, 0, 1, 1}};
  t.add(p).linetype = dashes(t, {2, -1});
  EXPECT_NEAR(area_of(t.draw().calls.at(0).path), 7, 1e-9);
}

HatchLoop square(double from, double to, std::uint32_t flags) {
  HatchLoop loop;
  loop.flags = flags;
  loop.is_polyline = true;
  loop.polyline = {{from, from}, {to, from}, {to, to}, {from, to}};
  return loop;
}

Hatch nested(std::uint8_t style) {
  Hatch h;
  h.style = style;
  h.loops = {square(0, 10, 1), square(2, 8, 16), square(4, 6, 0)};
  h.pattern = {{0, {0, 0.5}, {0, 1}, {}}};
  return h;
}

TEST(Hatch, PatternLinesRespectIslands) {
  TestDrawing t;
  t.add(nested(0));
  // Lines at 0.5, 1.5 ..: 10 through the outer square, 6 of them broken by the first island, 2 of
  // them with a piece in the innermost.
  const Path path = t.draw().calls.at(0).path;
  EXPECT_EQ(moves(path), 4u + 4 * 2 + 2 * 3);
  EXPECT_NEAR(dashed_length(path), 100 - 36 + 4, 1e-9);
}

TEST(Hatch, OutermostAndIgnoreStyles) {
  TestDrawing t;
  t.add(nested(1));
  EXPECT_NEAR(dashed_length(t.draw().calls.at(0).path), 100 - 36, 1e-9);
  t.drawing.blocks[0].entities.clear();
  t.add(nested(2));
  EXPECT_NEAR(dashed_length(t.draw().calls.at(0).path), 100, 1e-9);
}

TEST(Hatch, DashesArePhasedFromTheBase) {
  TestDrawing t;
  Hatch h;
  h.loops = {square(0, 10, 1)};
  h.pattern = {{0, {0.5, 5}, {0, 100}, {1, -1}}};  // one line at y = 5: dashes at .5, 2.5 ...
  t.add(h);
  const Path path = t.draw().calls.at(0).path;
  ASSERT_EQ(moves(path), 5u);
  EXPECT_NEAR(path.points[0].x, 0.5, 1e-12);
  EXPECT_NEAR(path.points[1].x, 1.5, 1e-12);
  EXPECT_NEAR(path.points[9].x, 9.5, 1e-12);
}

TEST(Hatch, StaggeredLinesShiftAlong) {
  TestDrawing t;
  Hatch h;
  h.loops = {square(0, 4, 1)};
  h.pattern = {{0, {0, 0.5}, {1, 1}, {1, -1}}};  // brick: every other line starts one later
  t.add(h);
  const Path path = t.draw().calls.at(0).path;
  EXPECT_NEAR(path.points[0].x, 0, 1e-12);
  EXPECT_NEAR(path.points[4].x, 1, 1e-12);
}

TEST(Hatch, TooDenseBecomesATint) {
  TestDrawing t;
  Hatch h = nested(0);
  h.pattern[0].offset = {0, 1e-7};
  t.add(h);
  const Recorder r = t.draw();
  ASSERT_EQ(r.calls.size(), 1u);
  EXPECT_EQ(r.calls[0].kind, Recorded::Kind::fill);
  EXPECT_LT(r.calls[0].color.a, 255);
}

TEST(Hatch, SolidOfMixedEdges) {
  TestDrawing t;
  Hatch h;
  h.solid = true;
  HatchLoop loop;  // half a disk; the line is stored against the direction of the loop
  loop.edges = {HatchArcEdge{{0, 0}, 2, 0, 180, true}, HatchLineEdge{{2, 0}, {-2, 0}}};
  h.loops = {loop};
  t.add(h);
  const Recorder r = t.draw();
  EXPECT_EQ(r.calls.at(0).rule, FillRule::even_odd);
  EXPECT_NEAR(std::abs(area_of(r.calls[0].path)), 2 * std::numbers::pi, 1e-4);
  EXPECT_NEAR(t.measure().all.max_y, 2, 1e-12);
  EXPECT_NEAR(t.measure().all.min_y, 0, 1e-12);
}

TEST(Hatch, TextBoxesAreNeverFilled) {
  TestDrawing t;
  Hatch h;
  h.solid = true;
  h.loops = {square(0, 10, 1), square(2, 8, 16), square(4, 6, 8)};
  t.add(h);
  const Recorder r = t.draw();
  ASSERT_EQ(r.calls.size(), 3u);
  EXPECT_EQ(r.calls[0].kind, Recorded::Kind::push);
  EXPECT_EQ(moves(r.calls[0].path), 2u);  // the box, and all around it
  EXPECT_EQ(moves(r.calls[1].path), 2u);  // the box does not become an island of the island
  EXPECT_EQ(r.calls[2].kind, Recorded::Kind::pop);
}

TEST(Hatch, GradientKeepsItsStops) {
  TestDrawing t;
  Hatch h = nested(0);
  h.gradient.active = true;
  h.gradient.name = "LINEAR";
  h.gradient.stops = {{0, {255, 0, 0}}, {1, {0, 0, 255}}};
  t.add(h);
  EXPECT_TRUE(t.draw().calls.at(0).gradient);
}

TEST(Solids, BowTieOrder) {
  TestDrawing t;
  Solid s;
  s.corners = {Vec3{0, 0, 0}, {4, 0, 0}, {0, 3, 0}, {4, 3, 0}};
  t.add(s);
  EXPECT_NEAR(area_of(t.draw().calls.at(0).path), 12, 1e-12);
}

TEST(Solids, FaceHidesItsInvisibleEdges) {
  TestDrawing t;
  Solid s;
  s.kind = Solid::Kind::face3d;
  s.corners = {Vec3{0, 0, 5}, {4, 0, 5}, {4, 3, 0}, {0, 3, 0}};
  s.invisible_edges = 1 + 4;
  t.add(s);
  EXPECT_NEAR(dashed_length(t.draw().calls.at(0).path), 6, 1e-12);
}

TEST(Curves, TiltedCircleIsSeenAsAnEllipse) {
  TestDrawing t;
  t.add(Circle{{0, 0, 0}, 2}).normal = {0, std::sqrt(0.75), 0.5};  // 60 degrees
  const Box2 box = t.measure().all;
  EXPECT_NEAR(box.width(), 4, 1e-9);
  EXPECT_NEAR(box.height(), 2, 1e-9);
}

TEST(Meshes, EdgesAreDrawnOnce) {
  TestDrawing t;
  Polyline p;
  p.kind = Polyline::Kind::polyface;
  for (const Vec3 v : {Vec3{0, 0, 0}, Vec3{1, 0, 0}, Vec3{1, 1, 0}, Vec3{0, 1, 0}}) {
    p.vertices.push_back({});
    p.vertices.back().position = v;
  }
  p.faces = {{1, 2, -3, 0}, {-1, 3, 4, 0}};  // the diagonal 3-1 is invisible from both sides
  t.add(p);
  EXPECT_NEAR(dashed_length(t.draw().calls.at(0).path), 4, 1e-12);
}

TEST(Dimensions, WithoutABlockLinesComeFromThePoints) {
  TestDrawing t;
  Dimension d;
  d.definition_point = {10, 5, 0};
  d.point13 = {0, 0, 0};
  d.point14 = {10, 0, 0};
  d.text = " ";
  t.add(d);
  const Recorder r = t.draw();
  EXPECT_EQ(r.of(Recorded::Kind::stroke).size(), 3u);  // two extension lines, the dimension line
  EXPECT_EQ(r.of(Recorded::Kind::fill).size(), 2u);    // two arrows
}

TEST(Dimensions, AnEmptyBlockShowsNothing) {
  TestDrawing t;
  Dimension d;
  d.block = t.block("*D1");
  d.definition_point = {10, 5, 0};
  d.point14 = {10, 0, 0};
  t.add(d);
  EXPECT_TRUE(t.draw().calls.empty());
}

TEST(Viewports, MapScaleTwistAndClip) {
  TestDrawing t;
  const LayerId hidden = t.layer("HIDDEN", Color::aci(1));
  t.add(Line{{100, 100, 0}, {110, 100, 0}});
  t.add(Line{{100, 100, 0}, {110, 100, 0}}, {0}, hidden);
  t.add(Line{{900, 100, 0}, {910, 100, 0}});  // outside of the view
  Viewport v;
  v.center = {50, 50, 0};
  v.width = v.height = 20;
  v.status = 2;
  v.id = 2;
  v.view_center = {-100, 100};  // the target (100,100), turned by 90 degrees
  v.view_height = 40;           // scale 1:2
  v.twist_deg = 90;
  v.frozen_layers = {hidden};
  t.add(v, {1});
  const Recorder r = t.draw(1);
  ASSERT_EQ(r.calls.size(), 4u);  // push, line, pop, frame
  EXPECT_EQ(r.calls[0].kind, Recorded::Kind::push);
  EXPECT_NEAR(r.calls[1].path.points[0].x, 50, 1e-9);
  EXPECT_NEAR(r.calls[1].path.points[0].y, 50, 1e-9);
  EXPECT_NEAR(r.calls[1].path.points[1].x, 50, 1e-9);
  EXPECT_NEAR(r.calls[1].path.points[1].y, 55, 1e-9);
  EXPECT_EQ(r.calls[2].kind, Recorded::Kind::pop);
  EXPECT_EQ(t.measure(1).visible, (Box2{40, 40, 60, 60}));
}

TEST(Viewports, InfiniteLinesCrossTheWholeView) {
  TestDrawing t;
  t.add(XLine{{0, 3, 0}, {1, 0, 0}});
  Viewport v;
  v.center = {50, 50, 0};
  v.width = v.height = 20;
  v.status = 2;
  v.id = 2;
  v.view_height = 20;
  t.add(v, {1});
  const Recorder r = t.draw(1);
  ASSERT_EQ(r.calls.size(), 4u);
  EXPECT_LE(r.calls[1].path.points[0].x, 40);
  EXPECT_GE(r.calls[1].path.points[1].x, 60);
  EXPECT_NEAR(r.calls[1].path.points[1].y, 53, 1e-9);
}

TEST(Viewports, FrontViewSeesHeights) {
  TestDrawing t;
  t.add(Line{{0, 7, 0}, {0, 7, 10}});
  Viewport v;
  v.center = {0, 0, 0};
  v.width = v.height = 100;
  v.status = 2;
  v.id = 2;
  v.view_height = 100;
  v.view_direction = {0, -1, 0};
  t.add(v, {1});
  const Recorder r = t.draw(1);
  EXPECT_NEAR(r.calls.at(1).path.points[1].x, 0, 1e-12);
  EXPECT_NEAR(r.calls.at(1).path.points[1].y, 10, 1e-12);
}

TEST(Viewports, TheSheetsOwnIsNoPartOfIt) {
  TestDrawing t;
  t.add(Line{{0, 0, 0}, {1, 0, 0}});
  Viewport v;
  v.width = v.height = 400;
  v.id = 1;
  v.status = 1;
  v.view_height = 400;
  t.add(v, {1});
  EXPECT_TRUE(t.draw(1).calls.empty());
  EXPECT_TRUE(t.measure(1).visible.empty());
}

}  // namespace
}  // namespace cad::scene
