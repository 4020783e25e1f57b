// SPDX-License-Identifier: Apache-2.0
#include "formats/acad/extension_dictionary.hpp"

#include <gtest/gtest.h>

namespace cad::acad {
namespace {

TEST(RecordText, JoinsGroups) {
  RecordText text;
  text.add(1, "name");
  text.add(40, 0.5);
  text.add(70, std::int64_t{-3});
  text.add_handle(330, 0xABC);
  text.add_binary(310, std::string_view("\xFF\x00", 2));
  EXPECT_EQ(text.take(), "1=name; 40=0.5; 70=-3; 330=ABC; 310=FF00");
}

TEST(RecordText, IsCut) {
  RecordText text;
  const std::string chunk(60'000, 'x');
  for (int i = 0; i < 100; ++i) text.add(1, chunk);
  EXPECT_LT(text.take().size(), 140'000u);
}

TEST(GroupKind, KnowsHowValuesAreStored) {
  EXPECT_EQ(group_kind(1), GroupKind::text);
  EXPECT_EQ(group_kind(10), GroupKind::point);
  EXPECT_EQ(group_kind(38), GroupKind::real);
  EXPECT_EQ(group_kind(102), GroupKind::text);
  EXPECT_EQ(group_kind(290), GroupKind::int8);
  EXPECT_EQ(group_kind(330), GroupKind::handle);
  EXPECT_EQ(group_kind(1071), GroupKind::int32);
  EXPECT_EQ(group_kind(80), GroupKind::unknown);
  EXPECT_EQ(group_kind(-5), GroupKind::unknown);
}

// Every dictionary leads to the others; `open` gives each once.
TEST(WalkDictionary, EndsInCircles) {
  std::vector<bool> taken(50);
  std::size_t stored = 0, opened = 0;
  const auto open = [&](Handle handle) {
    DictionaryObject object;
    ++opened;
    if (handle >= taken.size() || taken[handle]) return object;
    taken[handle] = true;
    object.kind =
        handle % 10 == 9 ? DictionaryObject::Kind::value : DictionaryObject::Kind::dictionary;
    if (object.kind == DictionaryObject::Kind::dictionary)
      for (Handle other = 0; other < 50; ++other) object.entries.push_back({"x", other});
    return object;
  };
  walk_dictionary(0, open, [&](const std::string&, const std::string&) { ++stored; });
  EXPECT_EQ(stored, 5u);
  EXPECT_LE(opened, 1u + 50 * 50);
}

TEST(WalkDictionary, ARootThatIsNoDictionaryHasNoPath) {
  std::size_t stored = 0;
  const auto open = [](Handle) {
    DictionaryObject object;
    object.kind = DictionaryObject::Kind::value;
    return object;
  };
  walk_dictionary(7, open, [&](const std::string&, const std::string&) { ++stored; });
  EXPECT_EQ(stored, 0u);
}

}  // namespace
}  // namespace cad::acad
