// SPDX-License-Identifier: Apache-2.0
#include "geom/proxy_graphics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "geom/testing/proxy_writer.hpp"

namespace cad {
namespace {

using testing::ProxyChunk;
using testing::ProxyWriter;
constexpr double kPi = std::numbers::pi;

struct Seen {
  std::vector<ProxyShape> shapes;
  std::vector<ProxyTraits> traits;
  bool damaged = false, clips = false;

  template <class Shape>
  const Shape& at(std::size_t index) const {
    return std::get<Shape>(shapes.at(index));
  }
};

Seen read(std::span<const std::uint8_t> bytes) {
  ProxyGraphics graphics(bytes, {}, 1e15);
  Seen seen;
  while (const ProxyShape* const shape = graphics.next()) {
    seen.shapes.push_back(*shape);
    seen.traits.push_back(graphics.traits());
  }
  seen.damaged = graphics.damaged();
  seen.clips = graphics.clips();
  return seen;
}

Seen read(const ProxyWriter& writer) { return read(writer.bytes()); }

void expect_near(Vec3 a, Vec3 b) {
  EXPECT_NEAR(a.x, b.x, 1e-12);
  EXPECT_NEAR(a.y, b.y, 1e-12);
  EXPECT_NEAR(a.z, b.z, 1e-12);
}

// A row-major matrix: scale about the origin, then a shift.
ProxyChunk matrix(double scale, Vec3 shift) {
  return ProxyChunk{}.rds(
      {scale, 0, 0, shift.x, 0, scale, 0, shift.y, 0, 0, scale, shift.z, 0, 0, 0, 1});
}

TEST(ProxyGraphics, TraitsHoldFromTheirPlaceOn) {
  const Seen seen = read(ProxyWriter()
                             .points(6, {{0, 0, 0}, {1, 2, 3}})
                             .number(16, 51)
                             .number(14, 5)
                             .number(18, 32767)
                             .number(23, 35)
                             .number(20, 1)
                             .add(24, ProxyChunk{}.rd(2.5))
                             .points(7, {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}})
                             .number(22, 0xC2102030)
                             .number(23, static_cast<std::uint32_t>(-1))
                             .number(20, 2)
                             .number(18, 4)
                             .points(32, {{4, 4, 4}, {5, 5, 5}}));
  ASSERT_EQ(seen.shapes.size(), 3u);
  EXPECT_FALSE(seen.damaged);
  EXPECT_FALSE(seen.traits[0].layer || seen.traits[0].color || seen.traits[0].linetype ||
               seen.traits[0].lineweight || seen.traits[0].filled);
  EXPECT_EQ(seen.at<ProxyPolyline>(0).points, (std::vector<Vec3>{{0, 0, 0}, {1, 2, 3}}));
  EXPECT_FALSE(seen.at<ProxyPolyline>(0).closed);

  EXPECT_TRUE(seen.at<ProxyPolyline>(1).closed);
  EXPECT_EQ(seen.traits[1].layer, 51u);
  EXPECT_EQ(seen.traits[1].color, Color::aci(5));
  EXPECT_EQ(seen.traits[1].linetype, kProxyByLayer);
  EXPECT_EQ(seen.traits[1].lineweight, std::int16_t{35});
  EXPECT_EQ(seen.traits[1].linetype_scale, 2.5);
  EXPECT_TRUE(seen.traits[1].filled);

  EXPECT_EQ(seen.traits[2].color, (Color{Color::Kind::rgb, 7, {0x10, 0x20, 0x30}}));
  EXPECT_EQ(seen.traits[2].lineweight, kLineweightByLayer);
  EXPECT_EQ(seen.traits[2].linetype, 4u);
  EXPECT_FALSE(seen.traits[2].filled);
}

TEST(ProxyGraphics, MatricesNestAndEnd) {
  const Seen seen = read(ProxyWriter()
                             .add(29, matrix(2, {10, 0, 0}))
                             .add(30, matrix(3, {1, 1, 0}))
                             .points(6, {{1, 0, 0}, {0, 0, 1}})
                             .add(31)
                             .points(6, {{1, 0, 0}, {0, 0, 1}})
                             .add(31)
                             .add(31)
                             .points(6, {{1, 0, 0}, {0, 0, 1}}));
  ASSERT_EQ(seen.shapes.size(), 3u);
  // 2 * (3 * p + (1, 1)) + (10, 0)
  EXPECT_EQ(seen.at<ProxyPolyline>(0).points, (std::vector<Vec3>{{18, 2, 0}, {12, 2, 6}}));
  EXPECT_EQ(seen.at<ProxyPolyline>(1).points, (std::vector<Vec3>{{12, 0, 0}, {10, 0, 2}}));
  EXPECT_EQ(seen.at<ProxyPolyline>(2).points, (std::vector<Vec3>{{1, 0, 0}, {0, 0, 1}}));
}

TEST(ProxyGraphics, MatricesBeyondTheLimitAreCountedNotFollowed) {
  ProxyWriter writer;
  for (int i = 0; i < 100; ++i) writer.add(29, matrix(1, {1, 0, 0}));
  writer.points(6, {{0, 0, 0}, {1, 0, 0}});
  for (int i = 0; i < 99; ++i) writer.add(31);
  writer.points(6, {{0, 0, 0}, {1, 0, 0}});
  const Seen seen = read(writer);
  EXPECT_TRUE(seen.damaged);
  EXPECT_EQ(seen.at<ProxyPolyline>(0).points[0].x, 64);
  EXPECT_EQ(seen.at<ProxyPolyline>(1).points[0].x, 1);
}

TEST(ProxyGraphics, CirclesAndArcs) {
  ProxyChunk arc;  // its start direction need not be a unit
  arc.rd3({1, 2, 0}).rd(5).rd3({0, 0, 1}).rd3({0, 3, 0}).rd(kPi / 2).rl(1);
  const Seen seen =
      read(ProxyWriter()
               .add(2, ProxyChunk{}.rd3({1, 2, 3}).rd(4).rd3({0, 0, 1}))
               .add(4, arc)
               .add(5, ProxyChunk{}.rd3({1, 0, 0}).rd3({0, 1, 0}).rd3({-1, 0, 0}).rl(2))
               .add(5, ProxyChunk{}.rd3({1, 0, 0}).rd3({0, -1, 0}).rd3({-1, 0, 0}).rl(0))
               .add(3, ProxyChunk{}.rd3({3, 0, 1}).rd3({0, 3, 1}).rd3({-3, 0, 1}))
               .add(5, ProxyChunk{}.rd3({0, 0, 0}).rd3({1, 1, 0}).rd3({2, 2, 0}).rl(0)));
  ASSERT_EQ(seen.shapes.size(), 6u);
  const auto& circle = seen.at<ProxyArc>(0);
  EXPECT_EQ(circle.center, (Vec3{1, 2, 3}));
  EXPECT_EQ(circle.u, (Vec3{4, 0, 0}));
  EXPECT_EQ(circle.kind, ProxyArc::Kind::circle);
  const auto& quarter = seen.at<ProxyArc>(1);
  EXPECT_EQ(quarter.u, (Vec3{0, 5, 0}));
  EXPECT_EQ(quarter.v, (Vec3{-5, 0, 0}));
  EXPECT_EQ(quarter.kind, ProxyArc::Kind::sector);
  const auto end_of = [](const ProxyArc& a) {
    return a.center + a.u * std::cos(a.sweep) + a.v * std::sin(a.sweep);
  };
  for (const std::size_t i : {2u, 3u}) {
    const auto& half = seen.at<ProxyArc>(i);
    expect_near(half.center, {0, 0, 0});
    EXPECT_NEAR(half.sweep, kPi, 1e-12);
    expect_near(end_of(half), {-1, 0, 0});
    expect_near(half.center + half.v, {0, i == 2 ? 1.0 : -1.0, 0});  // through the second point
  }
  EXPECT_EQ(seen.at<ProxyArc>(2).kind, ProxyArc::Kind::chord);
  expect_near(seen.at<ProxyArc>(4).center, {0, 0, 1});
  EXPECT_NEAR(seen.at<ProxyArc>(4).sweep, 2 * kPi, 1e-12);
  EXPECT_EQ(seen.at<ProxyPolyline>(5).points.size(), 3u);  // in line: no arc
}

TEST(ProxyGraphics, ShellsHaveFacesHolesAndHiddenEdges) {
  ProxyChunk shell;
  shell.rl(7);
  for (const double x : {0, 9, 9, 0, 1, 2, 1}) shell.rd3({x, x * x, 0});
  shell.rl(9).rl(4).rl(0).rl(1).rl(2).rl(3).rl(static_cast<std::uint32_t>(-3)).rl(4).rl(5).rl(6);
  shell.rl(0x41).rl(1).rl(2).rl(3).rl(4).rl(5).rl(6).rl(256);  // colors of edges
  shell.rl(1).rl(0).rl(1).rl(1).rl(1).rl(1).rl(1);             // visibilities
  shell.rl(0xE1).rl(30).rl(31).rl(0).rl(0);                    // of faces: colors, markers
  shell.rds({0, 0, 1, 0, 0, 1}).rl(1).rl(0).rl(0);             // normals, visibilities; vertices
  const Seen seen = read(ProxyWriter().add(9, shell));
  ASSERT_EQ(seen.shapes.size(), 1u);
  const auto& s = seen.at<ProxyShell>(0);
  ASSERT_EQ(s.loops.size(), 2u);
  EXPECT_FALSE(s.loops[0].is_hole);
  EXPECT_TRUE(s.loops[1].is_hole);
  EXPECT_EQ(s.loops[1].first, 4u);
  EXPECT_EQ(s.loops[1].count, 3u);
  EXPECT_EQ(s.loops[0].color, Color::aci(30));
  EXPECT_TRUE(s.loops[0].visible);
  EXPECT_FALSE(s.loops[1].visible);
  ASSERT_EQ(s.edges.size(), 7u);
  EXPECT_EQ(s.edges[3].from, 3u);
  EXPECT_EQ(s.edges[3].to, 0u);
  EXPECT_EQ(s.edges[2].color, Color::aci(3));
  EXPECT_EQ(s.edges[6].color, std::nullopt);
  EXPECT_FALSE(s.edges[1].visible);
  EXPECT_TRUE(s.edges[2].visible);
}

TEST(ProxyGraphics, MeshesAreGrids) {
  ProxyChunk mesh;
  mesh.rl(2).rl(3);
  for (const double x : {0, 1, 2, 3, 4, 5}) mesh.rd3({x, 0, 0});
  mesh.rl(0x40);
  for (std::uint32_t i = 0; i < 7; ++i) mesh.rl(i != 2);
  mesh.rl(0).rl(0);
  const Seen seen = read(ProxyWriter().add(8, mesh));
  const auto& m = seen.at<ProxyShell>(0);
  ASSERT_EQ(m.edges.size(), 7u);  // 2 * 2 along, 3 across
  EXPECT_EQ(m.edges[4].from, 0u);
  EXPECT_EQ(m.edges[4].to, 3u);
  EXPECT_FALSE(m.edges[2].visible);
  ASSERT_EQ(m.loops.size(), 2u);
  EXPECT_EQ(m.corners, (std::vector<std::uint32_t>{0, 1, 4, 3, 1, 2, 5, 4}));
}

ProxyChunk text_place() { return ProxyChunk{}.rd3({1, 2, 3}).rd3({0, 0, 1}).rd3({0, 2, 0}); }

TEST(ProxyGraphics, Texts) {
  const Seen seen = read(ProxyWriter()
                             .add(10, text_place().rds({2.5, 0.8, kPi / 12}).padded("caf\xE9"))
                             .add(36, text_place().rds({2.5, 1, 0}).padded16(u"\u00d8 \U0001F600"))
                             .add(11, text_place()
                                          .padded("odd")
                                          .rl(3)
                                          .rl(1)
                                          .rds({4, 1, 0, 1})
                                          .rl(1)
                                          .rl(0)
                                          .rl(0)
                                          .rl(1)
                                          .rl(1)
                                          .padded("txt.shx")
                                          .padded("")));
  ASSERT_EQ(seen.shapes.size(), 3u);
  const auto& plain = seen.at<ProxyText>(0);
  EXPECT_EQ(plain.value, "caf\xC3\xA9");
  EXPECT_EQ(plain.origin, (Vec3{1, 2, 3}));
  EXPECT_EQ(plain.x, (Vec3{0, 1, 0}));
  EXPECT_EQ(plain.y, (Vec3{-1, 0, 0}));
  EXPECT_EQ(plain.height, 2.5);
  EXPECT_EQ(plain.width_factor, 0.8);
  EXPECT_NEAR(plain.oblique_deg, 15, 1e-12);
  EXPECT_EQ(seen.at<ProxyText>(1).value, "\xC3\x98 \xF0\x9F\x98\x80");
  const auto& styled = seen.at<ProxyText>(2);
  EXPECT_EQ(styled.value, "odd");
  EXPECT_EQ(styled.height, 4);
  EXPECT_TRUE(styled.backward && styled.underlined && styled.overlined);
  EXPECT_FALSE(styled.upside_down);
  EXPECT_EQ(styled.font_file, "txt.shx");
}

TEST(ProxyGraphics, StyledUnicodeTextNamesItsTypeface) {
  ProxyChunk chunk = text_place().padded16(u"A").rl(1).rl(1).rds({3, 1, 0, 1});
  chunk.rl(0).rl(1).rl(0).rl(0).rl(0).rl(1).rl(1).rl(0).rl(34);
  chunk.padded16(u"Arial").padded16(u"arial.ttf").padded16(u"");
  const Seen seen = read(ProxyWriter().add(38, chunk));
  const auto& text = seen.at<ProxyText>(0);
  EXPECT_EQ(text.value, "A");
  EXPECT_TRUE(text.upside_down && text.bold && text.italic);
  EXPECT_EQ(text.typeface, "Arial");
  EXPECT_EQ(text.font_file, "arial.ttf");
}

// Flags with bulges and closed, elevation, two vertices: the second shares x with the first.
TEST(ProxyGraphics, LwPolylinesAreBits) {
  std::vector<std::uint8_t> bits;
  std::size_t used = 0;
  const auto put = [&](std::uint64_t value, unsigned count) {
    for (unsigned i = count; i-- > 0; ++used) {
      if (used % 8 == 0) bits.push_back(0);
      bits.back() = static_cast<std::uint8_t>(bits.back() | (value >> i & 1) << (7 - used % 8));
    }
  };
  const auto put_double = [&](double value) {
    std::uint64_t raw = 0;
    std::memcpy(&raw, &value, sizeof raw);
    for (int i = 0; i < 8; ++i) put(raw >> (8 * i) & 0xff, 8);
  };
  put(0, 2), put((512 + 16 + 8) & 0xff, 8), put((512 + 16 + 8) >> 8, 8);
  put(0, 2), put_double(7);  // elevation
  put(1, 2), put(2, 8);      // vertices
  put(1, 2), put(1, 8);      // bulges
  put_double(3), put_double(4);
  put(0, 2), put(3, 2), put_double(5);
  put(1, 2);  // bulge 1
  ProxyChunk chunk;
  chunk.rl(static_cast<std::uint32_t>(bits.size())).append(bits.data(), bits.size());
  const Seen seen = read(ProxyWriter().add(33, chunk));
  ASSERT_EQ(seen.shapes.size(), 1u);
  const auto& p = seen.at<ProxyLwPolyline>(0);
  EXPECT_TRUE(p.closed);
  EXPECT_EQ(p.origin, (Vec3{0, 0, 7}));
  ASSERT_EQ(p.vertices.size(), 2u);
  EXPECT_EQ(p.vertices[0].x, 3);
  EXPECT_EQ(p.vertices[0].bulge, 1);
  EXPECT_EQ(p.vertices[1].x, 3);
  EXPECT_EQ(p.vertices[1].y, 5);
}

TEST(ProxyGraphics, LinesWithoutEndAndClips) {
  const Seen seen = read(ProxyWriter()
                             .add(12, ProxyChunk{}.rd3({1, 1, 0}).rd3({2, 3, 0}))
                             .add(13, ProxyChunk{}.rd3({1, 1, 0}).rd3({1, 0, 0}))
                             .add(27)
                             .add(28));
  EXPECT_EQ(seen.at<ProxyRay>(0).direction, (Vec3{1, 2, 0}));
  EXPECT_TRUE(seen.at<ProxyRay>(0).both_ways);
  EXPECT_FALSE(seen.at<ProxyRay>(1).both_ways);
  EXPECT_TRUE(seen.clips);
}

TEST(ProxyGraphics, DamageCostsItsChunk) {
  ProxyChunk wrong_corner;
  wrong_corner.rl(1).rd3({0, 0, 0}).rl(2).rl(1).rl(9).rl(0).rl(0).rl(0);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const ProxyWriter& damage : {
           ProxyWriter().number(6, 0xffffffffu),
           ProxyWriter().number(9, 0x7fffffffu),
           ProxyWriter().add(8, ProxyChunk{}.rl(0xffffffffu).rl(0xffffffffu)),
           ProxyWriter().add(8, ProxyChunk{}.rl(65536).rl(65536)),
           ProxyWriter().add(9, wrong_corner),
           ProxyWriter().add(33, ProxyChunk{}.rl(0xffffffffu)),
           ProxyWriter().add(2, ProxyChunk{}.rd3({0, 0, 0})),
           ProxyWriter().points(6, {{0, 0, nan}, {1, 0, 0}}),
           ProxyWriter().points(6, {{0, 0, 1e300}, {1, 0, 0}}),
           ProxyWriter().add(10, ProxyChunk{}.rd(1)),
       }) {
    ProxyWriter writer = damage;
    const Seen seen = read(writer.add(99).points(6, {{0, 0, 0}, {1, 0, 0}}));
    EXPECT_TRUE(seen.damaged);
    EXPECT_EQ(seen.shapes.size(), 1u);
  }
}

TEST(ProxyGraphics, WrongSizesEndTheReading) {
  for (const std::uint32_t size : {0u, 7u, 0xffffffffu}) {
    ProxyChunk all;
    all.rl(0).rl(1).rl(size).rl(6).rl(0);
    const Seen seen = read(all.bytes);
    EXPECT_TRUE(seen.damaged);
    EXPECT_TRUE(seen.shapes.empty());
  }
  EXPECT_FALSE(read(ProxyWriter()).damaged);
  EXPECT_TRUE(read(std::span<const std::uint8_t>()).shapes.empty());
}

}  // namespace
}  // namespace cad
