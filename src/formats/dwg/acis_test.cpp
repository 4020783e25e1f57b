// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/acis.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>

#include "formats/acad/acis.hpp"
#include "formats/dwg/testing/object_stream.hpp"
#include "formats/dwg/testing/object_writer.hpp"

namespace cad::dwg {
namespace {

using testing::BitWriter;
using testing::ObjectWriter;

constexpr std::uint16_t kRegion = 37, k3dSolid = 38, kSurface = 500;
constexpr Handle kSelf = 0xD65;

// One straight edge from (1, 2, 3) to (4, 5, 6).
constexpr std::string_view kText =
    "400 0 1 0 \r\n1 x 1 y 1 z \r\n1 1e-06 1e-10 \r\n"
    "edge $-1 $1 $2 $-1 $3 forward #\r\nvertex $-1 $0 $4 #\r\nvertex $-1 $0 $5 #\r\n"
    "straight-curve $-1 1 2 3 1 0 0 I I #\r\npoint $-1 1 2 3 #\r\npoint $-1 4 5 6 #\r\n"
    "End-of-ACIS-data \r\n";
const std::array<Vec3, 2> kEdge{Vec3{1, 2, 3}, Vec3{4, 5, 6}};

std::string binary() {
  std::string out = "ACIS BinaryFile" + std::string(16, '\0');
  const auto name = [&](char tag, std::string_view text) {
    out += tag;
    out += static_cast<char>(text.size());
    out += text;
  };
  const auto refs = [&](std::initializer_list<std::int32_t> all) {
    for (const std::int32_t r : all) {
      out += '\x0C';
      out.append(reinterpret_cast<const char*>(&r), 4);
    }
  };
  const auto position = [&](Vec3 p) {
    out += '\x13';
    for (const double d : {p.x, p.y, p.z}) out.append(reinterpret_cast<const char*>(&d), 8);
  };
  name(13, "edge");
  refs({-1, 1, 2, -1, 3});
  out += "\x0B\x11";
  for (const std::int32_t point : {4, 5}) {
    name(13, "vertex");
    refs({-1, 0, point});
    out += '\x11';
  }
  name(14, "straight");
  name(13, "curve");
  position({1, 2, 3});
  position({1, 0, 0});
  out += '\x11';
  for (const Vec3 p : kEdge) {
    name(13, "point");
    refs({-1});
    position(p);
    out += '\x11';
  }
  for (const std::string_view part : {"End", "of", "ACIS"}) name(14, part);
  name(13, "data");
  return out;
}

void put_text(BitWriter& data, std::string_view text) {
  std::string secret;
  acad::decipher_sat(text, secret);  // the cipher is its own reverse
  data.bl(static_cast<std::int64_t>(secret.size())).raw(secret);
}

struct Wire {
  std::vector<Vec3> points;
  bool moved = false;  // by (10, 20, 30), after a quarter turn and a scale of 2
};

void put_wires(BitWriter& data, const std::vector<Wire>& wires) {
  data.bl(static_cast<std::int64_t>(wires.size()));
  for (const Wire& wire : wires) {
    data.rc(4).bl(1).bs(7).bl(2).bl(static_cast<std::int64_t>(wire.points.size()));
    for (const Vec3 p : wire.points) data.bd3(p);
    data.b(wire.moved);
    if (!wire.moved) continue;
    data.bd3({0, 1, 0}).bd3({-1, 0, 0}).bd3({0, 0, 1}).bd3({10, 20, 30}).bd(2);
    data.b(true).b(false).b(false);
  }
}

// Everything behind the ACIS data.
void put_end(ObjectWriter& out, const std::vector<Wire>& wires = {}) {
  BitWriter& data = out.data;
  data.b(true).b(true).bd3({5, 6, 7}).bl(4).b(true);
  put_wires(data, wires);
  data.bl(1).bl(2).bd3({0, 0, 0}).bd3({0, 0, 1}).bd3({0, 1, 0}).b(false).b(true);
  put_wires(data, {{{{0, 0, 0}, {9, 9, 9}}}});
  data.b(true);
  if (out.from(Version::r2007)) data.bl(0);
  if (out.from(Version::r2013)) {
    data.b(true).bl(0x1a113328).bs(static_cast<std::int16_t>(0xeb6d)).bs(0x044d);
    for (const unsigned byte : {0x82u, 0x4du, 0x78u, 0xb3u, 0x36u, 0x68u, 0xf9u, 0xe7u})
      data.rc(byte);
    data.bl(0);
  }
}

struct Read {
  Limits limits;
  Diagnostics diagnostics;
  Entity entity;
  std::uint64_t left_over = 0;
  const AcisBody& body() const { return *std::get<Indirect<AcisBody>>(entity.geometry); }
  bool says(std::string_view code) const {
    for (const auto& diagnostic : diagnostics.all())
      if (diagnostic.code == code) return true;
    return false;
  }
};

std::unique_ptr<Read> read(const ObjectWriter& object, std::uint16_t type, std::string stored = {},
                           std::size_t max_vertices = 1000) {
  auto result = std::make_unique<Read>();
  result->limits.max_total_vertices = max_vertices;
  const ReadContext context{result->limits, result->diagnostics};
  FileHead head;
  head.version = object.version();
  Sections sections;
  sections.set_owned(SectionId::objects, object.frame(type, kSelf));
  Loader loader(head, sections, context);
  if (!stored.empty()) loader.solid_data()[kSelf] = std::move(stored);
  constexpr std::string_view kClasses[] = {"PLANESURFACE"};
  loader.index_objects({{kSelf, 0}}, testing::classes_of(kClasses));
  EntityIn in(loader.open(loader.slots()[0]), result->entity);
  in.read_common();
  EXPECT_TRUE(in.all_ok());
  result->entity.geometry = loader.slots()[0].row->read_entity(in);
  EXPECT_TRUE(in.all_ok());
  result->left_over = in.bits_left() + (in.handles().bits_left() < 8 ? 0 : 8);
  return result;
}

ObjectWriter start(Version version) {
  ObjectWriter out(version);
  out.entity_common(0x10);
  return out;
}

class BeforeDataStorage : public ::testing::TestWithParam<Version> {};

TEST_P(BeforeDataStorage, ReadsTextInBlocks) {
  ObjectWriter out = start(GetParam());
  out.data.b(false).b(true).bs(1);
  put_text(out.data, kText.substr(0, 100));
  put_text(out.data, kText.substr(100));
  out.data.bl(0);
  put_end(out);
  if (out.from(Version::r2007)) out.handles.h(3, 0xD66);
  const auto read = dwg::read(out, k3dSolid);
  EXPECT_EQ(read->body().type, "3DSOLID");
  EXPECT_EQ(read->body().sat, kText);
  ASSERT_EQ(read->body().edges.size(), 1u);
  EXPECT_EQ(read->body().edges[0], kEdge);
  EXPECT_EQ(read->left_over, 0u);
  EXPECT_TRUE(read->diagnostics.all().empty());
}

TEST_P(BeforeDataStorage, ReadsTheBinaryForm) {
  ObjectWriter out = start(GetParam());
  out.data.b(false).b(true).bs(2).raw(binary());
  put_end(out);
  const auto read = dwg::read(out, kRegion);
  EXPECT_EQ(read->body().type, "REGION");
  EXPECT_EQ(read->body().sab.size(), binary().size());
  ASSERT_EQ(read->body().edges.size(), 1u);
  EXPECT_EQ(read->body().edges[0], kEdge);
  EXPECT_EQ(read->left_over, 0u);
}

INSTANTIATE_TEST_SUITE_P(Versions, BeforeDataStorage,
                         ::testing::Values(Version::r14, Version::r2000, Version::r2004,
                                           Version::r2007, Version::r2010));

TEST(DwgAcis, TakesTheDataFromTheStorage) {
  ObjectWriter out = start(Version::r2018);
  put_end(out);
  out.handles.h(3, 0xD66);
  const auto read = dwg::read(out, k3dSolid, binary());
  EXPECT_EQ(read->body().uid, "{1a113328-eb6d-044d-824d-78b33668f9e7}");
  ASSERT_EQ(read->body().edges.size(), 1u);
  EXPECT_EQ(read->body().edges[0], kEdge);
  EXPECT_EQ(read->left_over, 0u);
}

TEST(DwgAcis, SurfacesCountTheirIsolinesBehindTheData) {
  ObjectWriter out = start(Version::r2010);
  out.data.b(false).b(true).bs(2).raw(binary());
  put_end(out);
  out.data.bs(6).bs(6);
  const auto read = dwg::read(out, kSurface);
  EXPECT_EQ(read->body().type, "PLANESURFACE");
  EXPECT_EQ(read->body().edges.size(), 1u);
  EXPECT_EQ(read->left_over, 0u);
}

TEST(DwgAcis, WiresStandInForDataThatIsNotUnderstood) {
  ObjectWriter out = start(Version::r2000);
  out.data.b(false).b(true).bs(1);
  put_text(out.data, "400 0 1 0 \r\nand nothing that is known\r\n");
  out.data.bl(0);
  put_end(out, {{{{1, 0, 0}, {2, 0, 0}, {3, 0, 0}}}, {{{1, 0, 0}, {0, 0, 1}}, true}});
  const auto read = dwg::read(out, kRegion);
  const auto& edges = read->body().edges;
  ASSERT_EQ(edges.size(), 3u);
  EXPECT_EQ(edges[1], (std::array<Vec3, 2>{Vec3{2, 0, 0}, Vec3{3, 0, 0}}));
  EXPECT_EQ(edges[2], (std::array<Vec3, 2>{Vec3{10, 22, 30}, Vec3{10, 20, 32}}));
  EXPECT_EQ(read->left_over, 0u);
}

TEST(DwgAcis, AnEmptyBodyIsOne) {
  ObjectWriter out = start(Version::r2000);
  out.data.b(true);
  const auto read = dwg::read(out, kRegion);
  EXPECT_TRUE(read->body().edges.empty());
  EXPECT_TRUE(read->diagnostics.all().empty());
}

TEST(DwgAcis, DamageBehindTheDataLeavesItsEdges) {
  ObjectWriter out = start(Version::r2000);
  out.data.b(false).b(true).bs(1);
  put_text(out.data, kText);
  out.data.bl(0).b(true).b(false).bl(4).b(true).bl(0x7fffffff);
  const auto read = dwg::read(out, kRegion);
  EXPECT_EQ(read->body().edges.size(), 1u);
  EXPECT_TRUE(read->says("DWG_SOLID_DAMAGED"));
}

TEST(DwgAcis, ABlockLargerThanTheObjectIsDamage) {
  ObjectWriter out = start(Version::r2000);
  out.data.b(false).b(true).bs(1).bl(0x7fffffff).raw(kText);
  const auto read = dwg::read(out, kRegion);
  EXPECT_TRUE(read->body().edges.empty());
  EXPECT_TRUE(read->says("DWG_SOLID_DAMAGED"));
}

TEST(DwgAcis, WiresCountAgainstTheVertices) {
  ObjectWriter out = start(Version::r2000);
  out.data.b(true);
  put_end(out, {{std::vector<Vec3>(100, Vec3{1, 1, 1})}});
  const auto read = dwg::read(out, kRegion, {}, 20);
  EXPECT_EQ(read->body().edges.size(), 10u);
  EXPECT_TRUE(read->says("LIMIT_VERTICES"));
}

}  // namespace
}  // namespace cad::dwg
