// SPDX-License-Identifier: Apache-2.0
#include "geom/acis_edges.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>

namespace cad::acis {
namespace {

std::vector<Segment> segments_of(std::string_view data, std::size_t most = 10'000) {
  return wireframe(data, most).segments;
}

constexpr std::string_view kHeader400 = "400 0 1 0 \n1 x 1 y 1 z \n1 1e-06 1e-10 \n";

// A straight edge of version 4: no parameters, no history.
TEST(AcisWireframe, ReadsStraightEdgesOfOldVersions) {
  const std::string sat =
      std::string(kHeader400) +
      "body $-1 $-1 $-1 $1 #\n"
      "transform $-1 1 0 0 0 1 0 0 0 1 10 20 30 2 no_rotate no_reflect no_shear #\n"
      "edge $-1 $3 $4 $-1 $5 forward #\n"
      "vertex $-1 $2 $6 #\n"
      "vertex $-1 $2 $7 #\n"
      "straight-curve $-1 0 0 0 1 0 0 I I #\n"
      "point $-1 0 0 0 #\n"
      "point $-1 1 2 3 #\n"
      "End-of-ACIS-data \n";
  const auto segments = segments_of(sat, 100);
  ASSERT_EQ(segments.size(), 1u);
  EXPECT_EQ(segments[0][0], (Vec3{10, 20, 30}));
  EXPECT_EQ(segments[0][1], (Vec3{12, 24, 36}));
}

TEST(AcisWireframe, HistoryNumbersAreNoPartOfATransform) {
  const std::string sat =
      "21800 8 1 0 \n1 x 1 y 1 z \n1 1e-06 1e-10 \nasmheader $-1 -1 @5 2 # 8 #\n"
      "body $-1 -1 $-1 $-1 $-1 $2 #\n"
      "transform $-1 -1 0 1 0 -1 0 0 0 0 1 10 20 30 1 rotate no_reflect no_shear #\n"
      "edge $-1 -1 $-1 $4 0 $5 1 $-1 $6 forward @7 unknown #\n"
      "vertex $-1 -1 $-1 $3 0 $7 #\nvertex $-1 -1 $-1 $3 1 $8 #\n"
      "straight-curve $-1 -1 $-1 0 0 0 1 0 0 I I #\n"
      "point $-1 -1 $-1 0 0 0 #\npoint $-1 -1 $-1 5 0 0 #\n";
  const auto segments = segments_of(sat, 100);
  ASSERT_EQ(segments.size(), 1u);
  EXPECT_EQ(segments[0][0], (Vec3{10, 20, 30}));
  EXPECT_EQ(segments[0][1], (Vec3{10, 25, 30}));  // a quarter turn
}

// One header line; forward and reversed, open and the flags of a transform are numbers.
TEST(AcisWireframe, ReadsTheOldestVersions) {
  const std::string sat =
      "106 112 1 0         \r\n"
      "body $-1 $-1 $-1 $1 #\r\n"
      "transform $-1 0 1 0 -1 0 0 0 0 1 10 20 30 2 1 0 0 #\r\n"
      "edge $-1 $5 $6 $-1 $4 0 #\r\n"
      "edge $-1 $5 $6 $-1 $4 1 #\r\n"
      "ellipse-curve $-1 0 0 0 0 0 1 1 0 0 1 I I #\r\n"
      "vertex $-1 $2 $7 #\r\n"
      "vertex $-1 $2 $8 #\r\n"
      "point $-1 1 0 0 #\r\n"
      "point $-1 0 1 0 #\r\n"
      "edge $-1 $5 $6 $-1 $10 0 #\r\n"
      "intcurve-curve $-1 0 { exactcur nubs 1 0 2 0 1 1 1 1 0 0 0 1 0 } I I #\r\n";
  const auto segments = segments_of(sat, 1000);
  ASSERT_EQ(segments.size(), 16u + 48u + 1u);
  EXPECT_NEAR(length(segments[0][0] - Vec3{10, 22, 30}), 0, 1e-12);
  EXPECT_NEAR(length(segments.back()[1] - Vec3{8, 20, 30}), 0, 1e-12);
}

// Newer versions: history (-1 $-1), parameters beside the vertices, counted strings.
std::string arc_edge(std::string_view sense, std::string_view end) {
  return "21800 8 1 0 \n1 x 1 y 1 z \n1 1e-06 1e-10 \nasmheader $-1 -1 @5 2 # 8 #\n"
         "edge $-1 -1 $-1 $2 0 $3 1.5 $-1 $4 " +
         std::string(sense) +
         " @7 unknown #\n"
         "vertex $-1 -1 $-1 $1 $5 #\n"
         "vertex $-1 -1 $-1 $1 $6 #\n"
         "ellipse-curve $-1 -1 $-1 0 0 0 0 0 1 2 0 0 0.5 I I #\n"
         "point $-1 -1 $-1 2 0 0 #\n"
         "point $-1 -1 $-1 " +
         std::string(end) + " #\nEnd-of-ASM-data \n";
}

double reach(const std::vector<Segment>& segments) {
  double sum = 0;
  for (const Segment& s : segments) sum += length(s[1] - s[0]);
  return sum;
}

TEST(AcisWireframe, ReadsEllipticArcsInBothSenses) {
  const auto quarter = segments_of(arc_edge("forward", "0 1 0"), 1000);
  EXPECT_EQ(quarter.size(), 16u);
  EXPECT_NEAR(length(quarter.back()[1] - Vec3{0, 1, 0}), 0, 1e-12);
  const auto rest = segments_of(arc_edge("reversed", "0 1 0"), 1000);
  EXPECT_EQ(rest.size(), 48u);
  EXPECT_NEAR(reach(rest), 3 * reach(quarter), 1e-9);
  const auto whole = segments_of(arc_edge("forward", "2 0 0"), 1000);
  EXPECT_EQ(whole.size(), 64u);
  EXPECT_NEAR(reach(whole), 9.6884, 0.01);  // the ellipse's circumference
}

TEST(AcisWireframe, EvaluatesSplineEdges) {
  const std::string sat =
      std::string(kHeader400) +
      "edge $-1 $1 $2 $-1 $3 forward #\nvertex $-1 $0 $4 #\nvertex $-1 $0 $5 #\n"
      "intcurve-curve $-1 forward { exactcur full nurbs 2 open 2 0 2 1 2 "
      "1 0 0 1 1 1 0 0.70710678118654757 0 1 0 1 0 } I I #\n"
      "point $-1 1 0 0 #\npoint $-1 0 1 0 #\n";
  const auto segments = segments_of(sat, 100);
  ASSERT_EQ(segments.size(), 16u);
  for (const Segment& s : segments) EXPECT_NEAR(length(s[1]), 1, 1e-12);  // a quarter circle
  EXPECT_NEAR(length(segments.back()[1] - Vec3{0, 1, 0}), 0, 1e-12);
}

// An edge from (x, y) to (x, y) on a curve.
std::string edge_on(std::string_view curve, std::string_view start, std::string_view end,
                    std::string_view sense = "forward") {
  return std::string(kHeader400) + "edge $-1 $1 $2 $-1 $3 " + std::string(sense) +
         " #\nvertex $-1 $0 $4 #\nvertex $-1 $0 $5 #\n" + std::string(curve) + " #\npoint $-1 " +
         std::string(start) + " 0 #\npoint $-1 " + std::string(end) + " 0 #\n";
}

// Degree 1, around a square; parameters 0 to 4 from the origin to the right.
constexpr std::string_view kSquare =
    "intcurve-curve $-1 forward { surfintcur full nubs 1 closed 5 0 1 1 1 2 1 3 1 4 1 "
    "0 0 0 1 0 0 1 1 0 0 1 0 0 0 0 0 null_surface null_surface nullbs nullbs I I } I I";

TEST(AcisWireframe, EdgesArePartsOfTheirSplines) {
  const auto part = segments_of(edge_on(kSquare, "0.5 0", "1 0.5"));
  ASSERT_EQ(part.size(), 2u);
  EXPECT_EQ(part[0][0], (Vec3{0.5, 0, 0}));
  EXPECT_EQ(part[0][1], (Vec3{1, 0, 0}));
  EXPECT_EQ(part[1][1], (Vec3{1, 0.5, 0}));
  EXPECT_NEAR(reach(segments_of(edge_on(kSquare, "0.5 0", "1 0.5", "reversed"))), 3, 1e-12);
  EXPECT_NEAR(reach(segments_of(edge_on(kSquare, "1 0.5", "0.5 0"))), 3, 1e-12);
  EXPECT_NEAR(reach(segments_of(edge_on(kSquare, "0 0.25", "0.25 0"))), 0.5, 1e-12);
  EXPECT_NEAR(reach(segments_of(edge_on(kSquare, "0 0", "0 0"))), 4, 1e-12);
}

TEST(AcisWireframe, SplinesInParametersAreNotTheCurve) {
  const auto part = segments_of(edge_on(
      "intcurve-curve $-1 forward { parcur nullbs spline forward { exactsur nubs 1 1 9 9 9 } "
      "nubs 1 open 2 0 1 1 1 0 0 1 1 0 0 nubs 1 open 2 0 1 1 1 5 5 0 6 5 0 } I I",
      "5 5", "6 5"));
  ASSERT_EQ(part.size(), 1u);
  EXPECT_EQ(part[0][1], (Vec3{6, 5, 0}));
}

// Definitions are numbered by where they begin: 0 the surface's, 1 the curve within it, 2 the next.
TEST(AcisWireframe, CurvesMayNameAnothersDefinition) {
  const std::string others =
      "spline-surface $-1 forward { offsur spline forward { rotsur intcurve forward { ref 0 } } } "
      "#\n"
      "intcurve-curve $-1 forward { exactcur nubs 1 open 2 0 1 1 1 1 2 0 3 4 0 0 } I I #\n";
  const auto named = [&](std::string_view curve) {
    return segments_of(edge_on(curve, "1 2", "3 4") + others);
  };
  ASSERT_EQ(named("intcurve-curve $-1 forward { ref 2 } I I").size(), 1u);
  EXPECT_EQ(named("intcurve-curve $-1 forward { ref 2 } I I")[0][1], (Vec3{3, 4, 0}));
  EXPECT_TRUE(named("intcurve-curve $-1 forward { ref 1 } I I").empty());
  EXPECT_TRUE(named("intcurve-curve $-1 forward { ref 99999999999 } I I").empty());
  EXPECT_TRUE(named("intcurve-curve $-1 forward { ref -1 } I I").empty());
}

TEST(AcisWireframe, CountsEdgesThatAreNotUnderstood) {
  EXPECT_EQ(wireframe(edge_on(kSquare, "7 7", "8 8"), 100).left_out, 1u);
  EXPECT_EQ(
      wireframe(edge_on("intcurve-curve $-1 forward { exactcur none } I I", "0 0", "1 0"), 100)
          .left_out,
      1u);
  EXPECT_EQ(wireframe(edge_on("new-curve $-1 1 2 3", "0 0", "1 0"), 100).left_out, 1u);
  // The tip of a cone: no curve, nothing to show.
  const std::string tip =
      std::string(kHeader400) +
      "edge $-1 $1 $1 $-1 $-1 forward #\nvertex $-1 $0 $2 #\npoint $-1 0 0 0 #\n";
  EXPECT_EQ(wireframe(tip, 100).left_out, 0u);
}

TEST(AcisWireframe, CylindersHaveIsolines) {
  const std::string sat =
      std::string(kHeader400) +
      "face $-1 $-1 $1 $-1 $-1 $13 forward single #\n"
      "loop $-1 $2 $3 $0 #\nloop $-1 $-1 $4 $0 #\n"
      "coedge $-1 $3 $3 $-1 $5 forward $1 $-1 #\ncoedge $-1 $4 $4 $-1 $6 reversed $2 $-1 #\n"
      "edge $-1 $7 $7 $-1 $9 forward #\nedge $-1 $8 $8 $-1 $10 forward #\n"
      "vertex $-1 $5 $11 #\nvertex $-1 $6 $12 #\n"
      "ellipse-curve $-1 0 0 0 0 0 1 2 0 0 1 I I #\nellipse-curve $-1 0 0 9 0 0 1 2 0 0 1 I I #\n"
      "point $-1 2 0 0 #\npoint $-1 2 0 9 #\n"
      "cone-surface $-1 0 0 0 0 0 1 2 0 0 1 I I 0 1 2 forward I I I I #\n";
  const auto segments = segments_of(sat);
  ASSERT_EQ(segments.size(), 64u + 64u + 4u);
  EXPECT_NEAR(length(segments.back()[1] - segments.back()[0]), 9, 1e-12);
}

TEST(AcisWireframe, DrawsWholeSpheresAndTori) {
  const std::string head =
      std::string(kHeader400) + "face $-1 $-1 $-1 $-1 $-1 $1 forward single #\n";
  const auto torus =
      segments_of(head + "torus-surface $-1 1 0 0 0 0 1 30 10 1 0 0 forward_v I I I I #\n", 10'000);
  double max_x = 0, max_z = 0;
  for (const Segment& s : torus) {
    max_x = std::max(max_x, s[0].x);
    max_z = std::max(max_z, s[0].z);
  }
  EXPECT_NEAR(max_x, 41, 1e-9);
  EXPECT_NEAR(max_z, 10, 1e-9);
  const auto sphere =
      segments_of(head + "sphere-surface $-1 0 0 0 5 1 0 0 0 0 1 forward_v I I I I #\n", 10'000);
  EXPECT_EQ(sphere.size(), 3 * 64u);
}

// Tagged values of the binary form.
struct Binary {
  std::string bytes = "ACIS BinaryFile";
  Binary() { bytes.append(16, '\0'); }
  Binary& tag(int t) {
    bytes += static_cast<char>(t);
    return *this;
  }
  Binary& raw(const void* data, std::size_t n) {
    bytes.append(static_cast<const char*>(data), n);
    return *this;
  }
  Binary& name(std::string_view n, int t = 13) {
    tag(t).tag(static_cast<int>(n.size()));
    bytes += n;
    return *this;
  }
  Binary& ref(std::int32_t r) { return tag(12).raw(&r, 4); }
  Binary& real(double d) { return tag(6).raw(&d, 8); }
  Binary& point(double x, double y, double z) { return tag(19).raw(&x, 8).raw(&y, 8).raw(&z, 8); }
  Binary& end() { return tag(17); }
};

std::string binary_edge() {
  Binary b;
  b.name("edge").ref(-1).ref(1).real(0).ref(2).real(1).ref(-1).ref(3).tag(11).end();
  b.name("vertex").ref(-1).ref(0).ref(4).end();
  b.name("vertex").ref(-1).ref(0).ref(5).end();
  b.name("straight", 14).name("curve").ref(-1).point(1, 2, 3).point(1, 0, 0).tag(11).tag(11).end();
  b.name("point").ref(-1).point(1, 2, 3).end();
  b.name("point").ref(-1).point(4, 5, 6).end();
  b.name("End", 14).name("of", 14).name("ACIS", 14).name("data").end();
  return b.bytes;
}

TEST(AcisWireframe, ReadsTheBinaryForm) {
  const auto segments = segments_of(binary_edge(), 100);
  ASSERT_EQ(segments.size(), 1u);
  EXPECT_EQ(segments[0][0], (Vec3{1, 2, 3}));
  EXPECT_EQ(segments[0][1], (Vec3{4, 5, 6}));
}

TEST(AcisWireframe, DamageIsHarmless) {
  const std::string whole = binary_edge();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    EXPECT_LE(segments_of(std::string_view(whole).substr(0, n), 100).size(), 1u);
    std::string flipped = whole;
    flipped[n] = static_cast<char>(flipped[n] ^ 0x41);
    EXPECT_LE(segments_of(flipped, 100).size(), 64u);
  }
  const std::string text = arc_edge("forward", "0 1 0");
  for (std::size_t n = 0; n < text.size(); ++n)
    EXPECT_LE(segments_of(std::string_view(text).substr(0, n), 100).size(), 64u);
  EXPECT_TRUE(segments_of("", 100).empty());
  EXPECT_TRUE(
      segments_of("1\n2\n3\nedge $0 $0 $0 $99999999999 nan @99999999999 x #\n", 100).empty());
}

TEST(AcisWireframe, StopsAtTheLimit) {
  EXPECT_EQ(segments_of(arc_edge("forward", "2 0 0"), 10).size(), 10u);
}

}  // namespace
}  // namespace cad::acis
