// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "formats/dxf/reader_test.hpp"

namespace cad::dxf {
namespace {

TEST(DxfImage, ReadsPlaceSizeAndClip) {
  const Read read = read_entities(groups(R"(
    0 IMAGE
    100 AcDbEntity
    8 0
    100 AcDbRasterImage
    90 0
    10 1
    20 2
    11 0.5
    12 0
    22 0.5
    13 640
    23 480
    340 8F
    70 15
    280 1
    281 60
    282 40
    283 200
    360 90
    71 2
    91 4000000000
    14 0
    24 0
    14 10
    24 0
    14 10
    24 10
    290 1
  )"));
  const auto& i = first<Image>(read);
  EXPECT_FALSE(i.is_wipeout);
  EXPECT_EQ(i.position, (Vec3{1, 2, 0}));
  EXPECT_EQ(i.u_pixel, (Vec3{0.5, 0, 0}));
  EXPECT_EQ(i.v_pixel, (Vec3{0, 0.5, 0}));
  EXPECT_EQ(i.size_px, (Vec2{640, 480}));
  EXPECT_TRUE(i.definition.valid());
  EXPECT_EQ(i.flags, 15);
  EXPECT_TRUE(i.clipping && i.clip_inside);
  EXPECT_EQ(i.clip_type, 2);
  EXPECT_EQ(i.clip, (std::vector<Vec2>{{0, 0}, {10, 0}, {10, 10}}));
  EXPECT_EQ(i.brightness, 60);
  EXPECT_EQ(i.contrast, 40);
  EXPECT_EQ(i.fade, 0);  // 200 is no percentage
}

TEST(DxfWipeout, HasNoPicture) {
  const Read read = read_entities(
      groups("0 WIPEOUT\n8 0\n100 AcDbWipeout\n10 1\n20 2\n13 1\n23 1\n340 0\n71 1\n"));
  EXPECT_TRUE(first<Image>(read).is_wipeout);
  EXPECT_FALSE(first<Image>(read).definition.valid());
  EXPECT_TRUE(read.drawing.image_defs.empty());
  EXPECT_EQ(type_name(read.model()[0]), "WIPEOUT");
}

TEST(DxfUnderlay, ReadsAllThreeKinds) {
  const std::string rest = groups(
      "8 0\n100 AcDbUnderlayReference\n340 D6\n10 1\n20 2\n41 2\n42 3\n50 45\n280 19\n281 80\n"
      "282 10\n11 0\n21 0\n11 5\n21 6\n");
  for (const std::string type : {"PDFUNDERLAY", "DWFUNDERLAY", "DGNUNDERLAY"}) {
    const Read read = read_entities("0\n" + type + "\n" + rest);
    const auto& u = first<Underlay>(read);
    EXPECT_EQ(type_name(read.model()[0]), type);
    EXPECT_TRUE(u.definition.valid());
    EXPECT_EQ(u.scale, (Vec3{2, 3, 1}));
    EXPECT_EQ(u.rotation_deg, 45);
    EXPECT_TRUE(u.on() && u.clipping() && u.clip_inside());
    EXPECT_EQ(u.contrast, 80);
    EXPECT_EQ(u.clip, (std::vector<Vec2>{{0, 0}, {5, 6}}));
  }
}

TEST(DxfOleFrame, CountsTheDataThatIsThere) {
  const Read read = read_entities(
      groups("0 OLE2FRAME\n8 0\n100 AcDbOle2Frame\n70 2\n3 Picture\n10 1\n20 9\n11 5\n21 2\n71 2\n"
             "90 4000000000\n310 0155764B\n310 D6\n1 OLE\n"));
  const auto& o = first<OleFrame>(read);
  EXPECT_TRUE(o.is_ole2 && o.has_corners);
  EXPECT_EQ(o.description, "Picture");
  EXPECT_EQ(o.upper_left, (Vec3{1, 9, 0}));
  EXPECT_EQ(o.lower_right, (Vec3{5, 2, 0}));
  EXPECT_EQ(o.object_kind, 2);
  EXPECT_EQ(o.data_bytes, 5u);
  const Read old =
      read_entities(groups("0 OLEFRAME\n8 0\n100 AcDbOleFrame\n90 1\n310 01\n1 OLE\n"));
  EXPECT_FALSE(first<OleFrame>(old).is_ole2 || first<OleFrame>(old).has_corners);
}

}  // namespace
}  // namespace cad::dxf
