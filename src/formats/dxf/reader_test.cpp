// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/reader_test.hpp"

#include <gtest/gtest.h>

#include "formats/dxf/format.hpp"

namespace cad::dxf {
namespace {

TEST(DxfReader, ReadsALineWithoutAHeader) {
  const Read read = read_text(
      "0\nSECTION\n2\nENTITIES\n0\nLINE\n5\n2F\n8\nWalls\n62\n1\n10\n1.5\n20\n-2\n11\n3e2\n21\n4\n"
      "0\nCIRCLE\n8\n0\n10\n1\n20\n2\n30\n3\n40\n0.5\n210\n0\n220\n0\n230\n-"
      "1\n0\nENDSEC\n0\nEOF\n");
  ASSERT_EQ(read.model().size(), 2u);
  const Entity& entity = read.model()[0];
  EXPECT_EQ(entity.handle, 0x2Fu);
  EXPECT_EQ(read.drawing.at(entity.layer).name, "Walls");
  EXPECT_EQ(entity.color, Color::aci(1));
  const auto& line = std::get<Line>(entity.geometry);
  EXPECT_EQ(line.start, (Vec3{1.5, -2, 0}));
  EXPECT_EQ(line.end, (Vec3{300, 4, 0}));
  EXPECT_EQ(std::get<Circle>(read.model()[1].geometry).radius, 0.5);
  EXPECT_EQ(read.model()[1].normal, (Vec3{0, 0, -1}));
  EXPECT_EQ(read.drawing.version, "AC1009");
  EXPECT_EQ(read.diagnostics.all().size(), 1u);
  EXPECT_TRUE(read.diagnostic("DXF_NO_VERSION"));
}

TEST(DxfReader, ReadsEntitiesWithoutSections) {
  const Read read = read_text("0\nPOINT\n8\n0\n10\n1\n20\n2\n0\nLINE\n8\n0\n10\n5\n0\nEOF\n");
  ASSERT_EQ(read.model().size(), 2u);
  EXPECT_EQ(std::get<Point>(read.model()[0].geometry).position, (Vec3{1, 2, 0}));
}

TEST(DxfReader, TakesTheCommonGroupsOfAnEntity) {
  const Read read = read_entities(
      "0\nLINE\n5\nA1\n102\n{ACAD_REACTORS\n330\nFFFF\n102\n}\n330\n1F\n100\nAcDbEntity\n8\nPipes\n"
      "6\nByBlock\n62\n3\n420\n16711935\n370\n35\n48\n2.5\n60\n1\n440\n33554559\n100\nAcDbLine\n"
      "39\n7\n10\n1\n20\n2\n11\n3\n21\n4\n");
  ASSERT_EQ(read.model().size(), 1u);
  const Entity& e = read.model()[0];
  EXPECT_EQ(e.handle, 0xA1u);
  EXPECT_EQ(e.linetype, kByBlockLinetype);
  EXPECT_EQ(e.color.kind, Color::Kind::rgb);
  EXPECT_EQ(e.color.index, 3);
  EXPECT_EQ(e.color.rgb, (Rgb{255, 0, 255}));
  EXPECT_EQ(e.lineweight, 35);
  EXPECT_EQ(e.linetype_scale, 2.5f);
  EXPECT_FALSE(e.visible);
  EXPECT_EQ(e.transparency.kind, Transparency::Kind::value);
  EXPECT_EQ(e.transparency.alpha, 127);
  EXPECT_EQ(e.thickness, 7);
}

TEST(DxfReader, UnderstandsCommonGroupsThatComeTooLate) {
  const Read read = read_entities(
      "0\nCIRCLE\n5\n1\n100\nAcDbEntity\n100\nAcDbCircle\n8\nLate\n62\n5\n10\n1\n20\n1\n40\n2\n");
  EXPECT_EQ(read.drawing.at(read.model().at(0).layer).name, "Late");
  EXPECT_EQ(read.model().at(0).color, Color::aci(5));
}

TEST(DxfReader, KeepsUnknownEntitiesByTheirName) {
  const Read read = read_entities("0\nACME_PIPE\n5\n7\n8\n0\n10\n1\n0\nACME_PIPE\n8\n0\n");
  ASSERT_EQ(read.model().size(), 2u);
  EXPECT_EQ(type_name(read.model()[0]), "ACME_PIPE");
  const Diagnostic* warning = read.diagnostic("ENTITY_UNSUPPORTED");
  ASSERT_TRUE(warning);
  EXPECT_EQ(warning->subject, "ACME_PIPE");
  EXPECT_EQ(warning->count, 2u);
  EXPECT_EQ(warning->where, "line 5");
}

TEST(DxfReader, ReadsPolylinesWithTheirVertices) {
  const Read read = read_entities(
      "0\nPOLYLINE\n8\n0\n66\n1\n70\n1\n30\n4\n40\n0.5\n41\n0."
      "25\n0\nVERTEX\n8\n0\n10\n1\n20\n2\n42\n1\n"
      "0\nVERTEX\n8\n0\n10\n3\n20\n4\n40\n0\n0\nSEQEND\n8\n0\n0\nPOINT\n8\n0\n");
  ASSERT_EQ(read.model().size(), 2u);
  const Polyline& p = *std::get<Indirect<Polyline>>(read.model()[0].geometry);
  EXPECT_EQ(p.kind, Polyline::Kind::poly2d);
  EXPECT_TRUE(p.closed());
  ASSERT_EQ(p.vertices.size(), 2u);
  EXPECT_EQ(p.vertices[0].position, (Vec3{1, 2, 4}));
  EXPECT_EQ(p.vertices[0].bulge, 1);
  EXPECT_EQ(p.vertices[0].start_width, 0.5);
  EXPECT_EQ(p.vertices[1].start_width, 0);
  EXPECT_EQ(p.vertices[1].end_width, 0.25);
}

TEST(DxfReader, TellsPolyfaceVerticesFromFaces) {
  const Read read = read_entities(
      "0\nPOLYLINE\n8\n0\n70\n64\n71\n3\n72\n1\n0\nVERTEX\n8\n0\n10\n0\n20\n0\n70\n192\n"
      "0\nVERTEX\n8\n0\n10\n1\n20\n0\n70\n192\n0\nVERTEX\n8\n0\n10\n0\n20\n1\n70\n192\n"
      "0\nVERTEX\n8\n0\n70\n128\n71\n1\n72\n-2\n73\n3\n0\nSEQEND\n");
  const Polyline& p = *std::get<Indirect<Polyline>>(read.model().at(0).geometry);
  EXPECT_EQ(p.kind, Polyline::Kind::polyface);
  EXPECT_EQ(p.vertices.size(), 3u);
  ASSERT_EQ(p.faces.size(), 1u);
  EXPECT_EQ(p.faces[0], (std::array<std::int32_t, 4>{1, -2, 3, 0}));
}

TEST(DxfReader, ReadsAMesh) {
  const Read read = read_entities(
      "0\nPOLYLINE\n8\n0\n70\n17\n71\n2\n72\n1\n0\nVERTEX\n8\n0\n10\n1\n20\n1\n30\n1\n70\n64\n"
      "0\nVERTEX\n8\n0\n10\n2\n20\n1\n70\n64\n0\nSEQEND\n");
  const Polyline& p = *std::get<Indirect<Polyline>>(read.model().at(0).geometry);
  EXPECT_EQ(p.kind, Polyline::Kind::mesh);
  EXPECT_EQ(p.m_count, 2u);
  EXPECT_EQ(p.vertices.size(), 2u);
}

TEST(DxfReader, ReadsLightweightPolylines) {
  const Read read = read_entities(
      "0\nLWPOLYLINE\n8\n0\n90\n2\n70\n129\n43\n0.5\n38\n3\n10\n1\n20\n2\n42\n-1\n10\n3\n20\n4\n");
  const auto& p = std::get<LwPolyline>(read.model().at(0).geometry);
  EXPECT_TRUE(p.closed);
  EXPECT_TRUE(p.plinegen);
  EXPECT_EQ(p.constant_width, 0.5);
  EXPECT_EQ(p.elevation, 3);
  ASSERT_EQ(p.vertices.size(), 2u);
  EXPECT_EQ(p.vertices[0].bulge, -1);
  EXPECT_EQ(p.vertices[1].y, 4);
}

TEST(DxfReader, ReadsSplines) {
  const Read read = read_entities(
      "0\nSPLINE\n8\n0\n70\n4\n71\n2\n72\n6\n73\n3\n74\n0\n40\n0\n40\n0\n40\n0\n40\n1\n40\n1\n40\n1"
      "\n"
      "41\n1\n10\n0\n20\n0\n30\n0\n41\n2\n10\n1\n20\n1\n30\n5\n41\n1\n10\n2\n20\n0\n30\n0\n");
  const Spline& s = *std::get<Indirect<Spline>>(read.model().at(0).geometry);
  EXPECT_EQ(s.degree, 2);
  EXPECT_EQ(s.knots, (std::vector<double>{0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(s.weights, (std::vector<double>{1, 2, 1}));
  ASSERT_EQ(s.control_points.size(), 3u);
  EXPECT_EQ(s.control_points[1], (Vec3{1, 1, 5}));
}

TEST(DxfReader, ReadsInsertsWithTheirAttributes) {
  const Read read = read_text(
      "0\nSECTION\n2\nBLOCKS\n0\nBLOCK\n8\n0\n2\nDOOR\n70\n2\n10\n1\n20\n2\n30\n0\n0\nLINE\n8\n0\n"
      "10\n0\n0\nENDBLK\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n"
      "0\nINSERT\n8\n0\n66\n1\n2\ndoor\n10\n5\n20\n6\n41\n-"
      "1\n50\n90\n70\n3\n71\n2\n44\n10\n45\n20\n"
      "0\nATTRIB\n5\nB\n8\n0\n10\n1\n20\n1\n40\n2\n1\nD-1\n2\nNUMBER\n0\nSEQEND\n8\n0\n"
      "0\nINSERT\n8\n0\n2\nDOOR\n0\nENDSEC\n0\nEOF\n");
  ASSERT_EQ(read.model().size(), 2u);
  const Insert& insert = *std::get<Indirect<Insert>>(read.model()[0].geometry);
  const Block& block = read.drawing.at(insert.block);
  EXPECT_EQ(block.name, "DOOR");
  EXPECT_EQ(block.base_point, (Vec3{1, 2, 0}));
  EXPECT_EQ(block.entities.size(), 1u);
  EXPECT_FALSE(block.implicit);
  EXPECT_EQ(insert.scale.x, -1);
  EXPECT_EQ(insert.columns, 3u);
  EXPECT_EQ(insert.rows, 2u);
  ASSERT_EQ(insert.attributes.size(), 1u);
  EXPECT_EQ(insert.attributes[0].handle, 0xBu);
  const auto& attribute = *std::get<Indirect<Attribute>>(insert.attributes[0].geometry);
  EXPECT_EQ(attribute.tag, "NUMBER");
  EXPECT_EQ(attribute.text.value, "D-1");
  EXPECT_EQ(std::get<Indirect<Insert>>(read.model()[1].geometry)->block, insert.block);
}

TEST(DxfReader, KeepsExtendedData) {
  const Read read = read_entities(
      "0\nPOINT\n8\n0\n10\n1\n1001\nACME\n1000\ntext\n1010\n1\n1020\n2\n1030\n3\n1040\n1."
      "5\n1070\n7\n"
      "1071\n70000\n1004\n0AFF\n1001\nOTHER\n1005\n2F\n");
  const Extra& extra = read.drawing.at(read.model().at(0).extra);
  ASSERT_EQ(extra.xdata.size(), 2u);
  EXPECT_EQ(extra.xdata[0].app, "ACME");
  const auto& items = extra.xdata[0].items;
  ASSERT_EQ(items.size(), 6u);
  EXPECT_EQ(std::get<std::string>(items[0].value), "text");
  EXPECT_EQ(std::get<Vec3>(items[1].value), (Vec3{1, 2, 3}));
  EXPECT_EQ(std::get<double>(items[2].value), 1.5);
  EXPECT_EQ(std::get<std::int64_t>(items[4].value), 70000);
  EXPECT_EQ(std::get<std::string>(items[5].value), "0AFF");
  EXPECT_EQ(extra.xdata[1].items.at(0).code, 1005);
}

}  // namespace
}  // namespace cad::dxf
