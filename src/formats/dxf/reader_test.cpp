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
  EXPECT_EQ(read.diagnostics.all().size(), 1u);  // no version
  EXPECT_TRUE(read.diagnostic("DXF_NO_VERSION"));
}

}  // namespace
}  // namespace cad::dxf
