// SPDX-License-Identifier: Apache-2.0
// What an INSERT lists as its own may be anything in a damaged drawing.
#include <gtest/gtest.h>

#include "formats/dwg/testing/every_version.hpp"
#include "formats/dwg/testing/hand_made.hpp"

namespace cad::dwg {
namespace {

using testing::HandMade;
using testing::ObjectWriter;

constexpr std::uint16_t kInsert = 7, kSeqEnd = 6, kPoint = 27;
constexpr Handle kBlock = 0x20, kSelf = 0x30, kListed = 0x31, kEnd = 0x32;

// ODA 20.4.9, with one thing in its list of attributes.
ObjectWriter insert_object(Version version) {
  ObjectWriter out(version);
  out.entity_common(0);
  out.data.bd3({1, 2, 3});
  if (out.from(Version::r2000)) {
    out.data.bb(3);
  } else {
    out.data.bd3({1, 1, 1});
  }
  out.data.bd(0).bd3({0, 0, 1}).b(true);
  if (out.from(Version::r2004)) out.data.bl(1);
  out.handles.h(5, kBlock).h(3, kListed);
  if (!out.from(Version::r2004)) out.handles.h(3, kListed);
  out.handles.h(3, kEnd);
  return out;
}

class DwgInsert : public ::testing::TestWithParam<Version> {
 protected:
  void add_insert() {
    drawing_.add_block(kBlock, "door", u"door");
    drawing_.add(kInsert, kSelf, insert_object(GetParam()));
    ObjectWriter end(GetParam());
    drawing_.add(kSeqEnd, kEnd, end.entity_common(0));
  }
  void expect_insert_without_attributes() {
    const Entity* const entity = drawing_.entity(kSelf);
    ASSERT_NE(entity, nullptr);
    const auto& insert = std::get<Indirect<Insert>>(entity->geometry);
    EXPECT_EQ(drawing_.block_name(insert->block), "door");
    EXPECT_EQ(insert->position, (Vec3{1, 2, 3}));
    EXPECT_TRUE(insert->attributes.empty());
    EXPECT_TRUE(drawing_.says("DWG_BAD_ATTRIBUTE"));
    EXPECT_TRUE(drawing_.audit.census.balanced());
  }

  HandMade drawing_{GetParam()};
};

TEST_P(DwgInsert, AnUnreadableObjectIsNoAttribute) {
  add_insert();
  drawing_.add_unreadable(kListed);
  drawing_.read();
  expect_insert_without_attributes();
  EXPECT_TRUE(drawing_.says("DWG_OBJECT_UNREADABLE"));
}

TEST_P(DwgInsert, AnotherEntityIsNoAttribute) {
  add_insert();
  ObjectWriter point(GetParam());
  point.entity_common(0).data.bd3({5, 5, 0});
  point.data.thickness(0, GetParam()).extrusion({0, 0, 1}, GetParam()).bd(0);
  drawing_.add(kPoint, kListed, point);
  drawing_.read();
  expect_insert_without_attributes();
}

INSTANTIATE_TEST_SUITE_P(Dwg, DwgInsert, ::testing::ValuesIn(testing::kEveryVersion),
                         testing::name_of_version);

}  // namespace
}  // namespace cad::dwg
