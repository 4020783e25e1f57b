// SPDX-License-Identifier: Apache-2.0
// Broken, cut and odd files: what can be read is there, and the rest is told.
#include <gtest/gtest.h>

#include "formats/dxf/reader_test.hpp"

namespace cad::dxf {
namespace {

Error error_of(std::string_view text) {
  Diagnostics diagnostics;
  const Limits limits;
  auto drawing = read(std::as_bytes(std::span(text.data(), text.size())), {limits, diagnostics});
  EXPECT_FALSE(drawing);
  return drawing ? Error{} : drawing.error();
}

TEST(DxfDamage, OnlyNoDrawingFails) {
  EXPECT_EQ(error_of("hello").code, ErrorCode::not_a_drawing);
  EXPECT_EQ(error_of("").code, ErrorCode::not_a_drawing);
  EXPECT_EQ(error_of("0\nSECTION\n").code, ErrorCode::damaged_drawing);
  EXPECT_EQ(error_of("0\nSECTION\n2\nENTITIES\n").code, ErrorCode::damaged_drawing);
  EXPECT_EQ(read_text("0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nSECTION").model().size(), 0u);
  EXPECT_EQ(read_text("0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n").model().size(), 0u);
  EXPECT_EQ(read_text("0\nEOF\n").model().size(), 0u);
}

TEST(DxfDamage, ACutFileGivesWhatIsThere) {
  const Read read =
      read_text("0\nSECTION\n2\nENTITIES\n0\nLINE\n8\n0\n10\n1\n0\nCIRCLE\n8\n0\n10\n5\n20\n6\n40");
  ASSERT_EQ(read.model().size(), 2u);
  EXPECT_EQ(std::get<Circle>(read.model()[1].geometry).center, (Vec3{5, 6, 0}));
  EXPECT_TRUE(read.diagnostic("DXF_TRUNCATED"));
  EXPECT_TRUE(read.diagnostic("DXF_NO_EOF"));
}

TEST(DxfDamage, WhatFollowsTheEndIsIgnored) {
  const Read read = read_text("0\nSECTION\n2\nENTITIES\n0\nPOINT\n8\n0\n0\nENDSEC\n0\nEOF\ntrash");
  EXPECT_EQ(read.model().size(), 1u);
  EXPECT_FALSE(read.diagnostic("DXF_BAD_GROUP_CODE"));
}

TEST(DxfDamage, MissingSectionEndsAreNoticed) {
  const Read read = read_text(
      "0\nSECTION\n2\nHEADER\n9\n$"
      "ACADVER\n1\nAC1009\n0\nSECTION\n2\nTABLES\n0\nTABLE\n2\nLAYER\n0\n"
      "LAYER\n2\nA\n0\nSECTION\n2\nBLOCKS\n0\nBLOCK\n2\nX\n0\nPOINT\n8\n0\n0\nSECTION\n2\nENTITIES"
      "\n0\n"
      "LINE\n8\nA\n0\nEOF\n");
  EXPECT_EQ(read.model().size(), 1u);
  EXPECT_EQ(read.drawing.layers.size(), 2u);
  EXPECT_TRUE(read.diagnostic("DXF_OPEN_BLOCK"));
}

TEST(DxfDamage, BadNumbersAreZeroAndCounted) {
  const Read read = read_entities("0\nLINE\n8\n0\n10\n1e400\n20\nnan\n11\nfoo\n21\n1e300\n31\n4\n");
  const auto& line = std::get<Line>(read.model().at(0).geometry);
  EXPECT_EQ(line.start, (Vec3{0, 0, 0}));
  EXPECT_EQ(line.end, (Vec3{0, 0, 4}));
  const Diagnostic* d = read.diagnostic("DXF_BAD_NUMBER");
  ASSERT_TRUE(d);
  EXPECT_EQ(d->count, 4u);
  EXPECT_EQ(d->where, "line 9");
}

TEST(DxfDamage, StrayRecordsAreLeftOutAndTold) {
  const Read read =
      read_entities("0\nVERTEX\n8\n0\n10\n1\n0\nSEQEND\n8\n0\n0\n1.5\n8\n0\n0\nPOINT\n8\n0\n");
  EXPECT_EQ(read.model().size(), 1u);
  const Diagnostic* d = read.diagnostic("DXF_STRAY_RECORD");
  ASSERT_TRUE(d);
  EXPECT_EQ(d->subject, "VERTEX");
}

TEST(DxfDamage, EntitiesOverTheBudgetAreLeftOut) {
  Limits limits;
  limits.max_entities = 2;
  const Read read =
      read_entities("0\nPOINT\n8\n0\n0\nPOINT\n8\n0\n0\nPOINT\n8\n0\n0\nPOINT\n8\n0\n", limits);
  EXPECT_EQ(read.model().size(), 2u);
  EXPECT_TRUE(read.drawing.truncated);
  ASSERT_TRUE(read.diagnostic("LIMIT_ENTITIES"));
  EXPECT_EQ(read.diagnostic("LIMIT_ENTITIES")->count, 2u);
}

TEST(DxfDamage, VerticesOverTheLimitAreLeftOut) {
  Limits limits;
  limits.max_vertices_per_entity = 2;
  const Read read = read_entities(
      "0\nLWPOLYLINE\n8\n0\n90\n2000000000\n10\n1\n20\n1\n10\n2\n20\n2\n10\n3\n20\n3\n42\n9\n",
      limits);
  const auto& p = std::get<LwPolyline>(read.model().at(0).geometry);
  ASSERT_EQ(p.vertices.size(), 2u);
  EXPECT_EQ(p.vertices[1].y, 2);
  EXPECT_EQ(p.vertices[1].bulge, 0);
  EXPECT_TRUE(read.diagnostic("LIMIT_VERTICES"));
}

TEST(DxfDamage, TablesAreBounded) {
  Limits limits;
  limits.max_table_records = 10;
  std::string entities;
  for (int i = 0; i < 50; ++i)
    entities += "0\nINSERT\n8\nL" + std::to_string(i) + "\n2\nB" + std::to_string(i) + "\n";
  const Read read = read_entities(entities, limits);
  EXPECT_EQ(read.model().size(), 50u);
  EXPECT_LE(read.drawing.layers.size() + read.drawing.blocks.size(), 12u);
  EXPECT_TRUE(read.diagnostic("LIMIT_TABLE_RECORDS"));
  for (const Entity& entity : read.model()) EXPECT_TRUE(entity.layer.valid());
}

TEST(DxfDamage, ExtendedDataIsBounded) {
  Limits limits;
  limits.max_xdata_bytes = 300;
  std::string xdata = "0\nPOINT\n8\n0\n1001\nA\n";
  for (int i = 0; i < 100; ++i) xdata += "1070\n1\n";
  const Read read = read_entities(xdata, limits);
  EXPECT_LT(read.drawing.at(read.model().at(0).extra).xdata.at(0).items.size(), 10u);
  EXPECT_TRUE(read.diagnostic("LIMIT_XDATA"));
}

TEST(DxfDamage, LongTextsAreCut) {
  Limits limits;
  limits.max_string_bytes = 10;
  const Read read = read_entities("0\nPOINT\n8\n" + std::string(1000, 'x') + "\n", limits);
  EXPECT_EQ(read.drawing.at(read.model().at(0).layer).name.size(), 10u);
  EXPECT_TRUE(read.diagnostic("LIMIT_STRING"));
}

TEST(DxfDamage, DuplicateHandlesAreTold) {
  const Read read =
      read_entities("0\nPOINT\n5\nA\n8\n0\n0\nPOINT\n5\nA\n8\n0\n0\nPOINT\n5\nB\n8\n0\n");
  EXPECT_EQ(read.model().size(), 3u);
  ASSERT_TRUE(read.diagnostic("DXF_DUPLICATE_HANDLE"));
  EXPECT_EQ(read.diagnostic("DXF_DUPLICATE_HANDLE")->count, 1u);
  const Read sparse =
      read_entities("0\nPOINT\n5\nFFFFFFFFFFFFFFFF\n8\n0\n0\nPOINT\n5\nFFFFFFFFFFFFFFFF\n8\n0\n");
  EXPECT_TRUE(sparse.diagnostic("DXF_DUPLICATE_HANDLE"));
}

TEST(DxfDamage, BlocksWithoutNamesAndTwiceDefinedOnesAreKept) {
  const Read read = read_text(
      "0\nSECTION\n2\nBLOCKS\n0\nBLOCK\n8\n0\n0\nPOINT\n8\n0\n0\nENDBLK\n0\nBLOCK\n2\nA\n0\nENDBLK"
      "\n"
      "0\nBLOCK\n2\na\n0\nLINE\n8\n0\n0\nENDBLK\n0\nENDSEC\n0\nEOF\n");
  std::size_t entities = 0;
  for (const Block& block : read.drawing.blocks) entities += block.entities.size();
  EXPECT_EQ(entities, 2u);
  EXPECT_TRUE(read.diagnostic("DXF_UNNAMED_BLOCK"));
  EXPECT_TRUE(read.diagnostic("DXF_DUPLICATE_BLOCK"));
}

TEST(DxfDamage, AMissingBlockIsNamed) {
  const Read read = read_entities("0\nINSERT\n8\n0\n2\nGONE\n");
  const Insert& insert = *std::get<Indirect<Insert>>(read.model().at(0).geometry);
  EXPECT_TRUE(read.drawing.at(insert.block).implicit);
  ASSERT_TRUE(read.diagnostic("DXF_MISSING_BLOCK"));
  EXPECT_EQ(read.diagnostic("DXF_MISSING_BLOCK")->where, "GONE");
}

TEST(DxfDamage, AnOpenGroupEndsWithTheEntity) {
  const Read read = read_entities(
      "0\nPOINT\n102\n{ACAD_REACTORS\n330\n1\n100\nAcDbEntity\n8\nA\n0\nPOINT\n8\nB\n102\n{X\n");
  ASSERT_EQ(read.model().size(), 2u);
  EXPECT_EQ(read.drawing.at(read.model()[0].layer).name, "A");
  EXPECT_TRUE(read.diagnostic("DXF_OPEN_GROUP"));
}

TEST(DxfDamage, AHeaderWithoutItsSectionIsRead) {
  const Read read = read_text(
      "0\nSECTION\n2\nENTITIES\n0\nPOINT\n8\n0\n0\nENDSEC\n9\n$"
      "LTSCALE\n40\n3\n0\nENDSEC\n0\nEOF\n");
  EXPECT_EQ(read.drawing.header.ltscale, 3);
}

}  // namespace
}  // namespace cad::dxf
