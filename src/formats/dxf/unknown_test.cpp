// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "formats/dxf/reader_test.hpp"

namespace cad::dxf {
namespace {

Read with_classes(std::string_view entity) {
  return read_text(
      groups("0 SECTION\n2 CLASSES\n0 CLASS\n1 FIRST\n2 AcDbFirst\n3 FirstApp\n281 1\n"
             "0 CLASS\n1 WALL\n2 AecDbWall\n3 Walls|by somebody\n281 1\n0 ENDSEC\n"
             "0 SECTION\n2 ENTITIES\n" +
             std::string(entity) + "0 ENDSEC\n0 EOF\n"));
}

TEST(DxfProxy, KeepsItsGraphicsApartFromItsData) {
  const Read read = with_classes(
      "0 ACAD_PROXY_ENTITY\n100 AcDbEntity\n8 0\n100 AcDbProxyEntity\n90 498\n91 501\n92 3\n"
      "310 0102\n310 03\n93 16\n310 FFFF\n330 2A\n94 0\n");
  const auto& u = first<Unknown>(read);
  EXPECT_TRUE(u.is_proxy);
  EXPECT_EQ(u.class_id, 501);
  EXPECT_EQ(u.class_name, "AecDbWall");
  EXPECT_EQ(u.app_name, "Walls|by somebody");
  EXPECT_EQ(u.graphics, (std::vector<std::uint8_t>{1, 2, 3}));
  EXPECT_EQ(type_name(read.model()[0]), "ACAD_PROXY_ENTITY");
}

TEST(DxfUnknown, IsKeptWithItsClassAndGraphics) {
  const Read read = with_classes(
      "0 WALL\n5 2B\n100 AcDbEntity\n8 Walls\n160 2\n310 0A0B\n100 AecDbWall\n10 1\n160 9\n310 "
      "FF\n");
  const auto& u = first<Unknown>(read);
  EXPECT_EQ(u.type, "WALL");
  EXPECT_FALSE(u.is_proxy);
  EXPECT_EQ(u.class_name, "AecDbWall");
  EXPECT_EQ(u.graphics, (std::vector<std::uint8_t>{10, 11}));
  EXPECT_EQ(read.model()[0].handle, 0x2Bu);
  EXPECT_NE(read.diagnostic("ENTITY_UNSUPPORTED"), nullptr);
}

}  // namespace
}  // namespace cad::dxf
