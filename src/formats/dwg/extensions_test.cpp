// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/extensions.hpp"

#include <gtest/gtest.h>

#include <map>

#include "formats/dwg/testing/object_set.hpp"

namespace cad::dwg {
namespace {

using testing::ObjectSet;
using testing::ObjectWriter;

constexpr std::uint16_t kDictionary = 42, kXrecord = 79, kPlaceholder = 80;
constexpr Version kAll[] = {Version::r13,   Version::r14,   Version::r2000, Version::r2004,
                            Version::r2007, Version::r2010, Version::r2013, Version::r2018};

struct Item {
  std::string_view name;
  Handle object;
};

ObjectWriter dictionary(const ObjectSet& set, std::vector<Item> items, std::int64_t claimed = -1) {
  ObjectWriter out = set.object();
  out.data.bl(claimed < 0 ? static_cast<std::int64_t>(items.size()) : claimed);
  if (out.version() == Version::r14) out.data.rc(0);
  if (out.from(Version::r2000)) out.data.bs(1).rc(1);
  for (const Item& item : items) {
    out.text(item.name, std::u16string(item.name.begin(), item.name.end()));
    out.handles.h(3, item.object);
  }
  return out;
}

ObjectWriter record(const ObjectSet& set, const testing::BitWriter& groups) {
  ObjectWriter out = set.object();
  out.data.bl(static_cast<std::int64_t>(groups.bytes().size())).append(groups);
  if (out.from(Version::r2000)) out.data.bs(1);
  out.handles.h(4, 0x10).h(4, 0x11);
  return out;
}

// What the extension dictionary 1 of an entity leads to.
std::map<std::string, std::string> extension_of(testing::ObjectReading& reading) {
  ExtraId extra;
  reading.loader.extra_of(extra);
  reading.loader.pending_extensions().push_back({extra, 1, {}});
  read_extensions(reading.loader);
  std::map<std::string, std::string> values;
  for (const ExtensionValue& value : reading.loader.drawing().at(extra).extension)
    EXPECT_TRUE(values.emplace(value.key, value.value).second) << value.key;
  return values;
}

TEST(DwgExtensions, PathsAndValuesInEveryRelease) {
  for (const Version version : kAll) {
    ObjectSet set(version);
    set.add(kDictionary, 1, dictionary(set, {{"A", 2}, {"B", 3}, {"none", 9}}));
    set.add(kDictionary, 2, dictionary(set, {{"C", 4}}));
    testing::BitWriter groups;
    groups.rs(70).rs(0xfffe).rs(40).rd(2.5).rs(10).rd3({1, 2, 3}).rs(280).rc(7).rs(330).rll(0x1F);
    groups.rs(1);
    if (version >= Version::r2007) {
      groups.rs(1).rs(0xDC);
    } else {
      groups.rs(1).rc(30).rc(0xDC);
    }
    groups.rs(310).rc(2).rc(0xAB).rc(1).rs(90).rl(0xffffffff).rs(160).rll(5).rs(290).rc(1);
    set.add(kXrecord, 3, record(set, groups));
    set.add(kPlaceholder, 4, set.object());
    const auto reading = set.read();
    const auto values = extension_of(*reading);
    ASSERT_EQ(values.size(), 2u) << static_cast<int>(version);
    EXPECT_EQ(values.at("A/C"), "ACDBPLACEHOLDER");
    EXPECT_EQ(values.at("B"),
              "70=-2; 40=2.5; 10=1; 20=2; 30=3; 280=7; 330=1F; 1=\xC3\x9C; 310=AB01; 90=-1; 160=5; "
              "290=1");
    EXPECT_TRUE(reading->diagnostics.all().empty());
    EXPECT_TRUE(reading->audit.leftovers.empty()) << static_cast<int>(version);
  }
}

TEST(DwgExtensions, CirclesAndSharedDictionariesAreReadOnce) {
  ObjectSet set(Version::r2010);
  set.add(kDictionary, 1, dictionary(set, {{"self", 1}, {"A", 2}, {"B", 2}, {"C", 3}}));
  set.add(kDictionary, 2, dictionary(set, {{"back", 1}, {"D", 3}}));
  set.add(kPlaceholder, 3, set.object());
  const auto reading = set.read();
  const auto values = extension_of(*reading);
  ASSERT_EQ(values.size(), 1u);
  EXPECT_EQ(values.begin()->first, "A/D");
}

TEST(DwgExtensions, DepthIsLimited) {
  ObjectSet set(Version::r2000);
  for (Handle handle = 1; handle < 20; ++handle)
    set.add(kDictionary, handle, dictionary(set, {{"x", handle + 1}, {"y", handle + 100}}));
  for (Handle handle = 101; handle < 120; ++handle) set.add(kPlaceholder, handle, set.object());
  const auto reading = set.read();
  EXPECT_EQ(extension_of(*reading).size(), 8u);
}

TEST(DwgExtensions, CountsAreNotBelieved) {
  for (const Version version : {Version::r14, Version::r2000, Version::r2018}) {
    ObjectSet set(version);
    set.add(kDictionary, 1, dictionary(set, {{"A", 2}}, 0x7fffffff));
    set.add(kPlaceholder, 2, set.object());
    const auto reading = set.read();
    EXPECT_TRUE(extension_of(*reading).empty());
    EXPECT_TRUE(reading->says("DWG_OBJECT_DAMAGED"));
  }
}

TEST(DwgExtensions, DamagedRecordsKeepTheirBeginning) {
  ObjectSet set(Version::r2004);
  set.add(kDictionary, 1, dictionary(set, {{"A", 2}, {"B", 3}, {"C", 4}}));
  testing::BitWriter unknown_code, long_text, long_data;
  unknown_code.rs(70).rs(1).rs(500).rs(2);
  long_text.rs(70).rs(2).rs(1).rs(0xffff).rc(30).rc('a');
  set.add(kXrecord, 2, record(set, unknown_code));
  set.add(kXrecord, 3, record(set, long_text));
  ObjectWriter beyond = set.object();
  beyond.data.bl(0x10000000).append(long_data);
  set.add(kXrecord, 4, beyond);
  const auto reading = set.read();
  const auto values = extension_of(*reading);
  EXPECT_EQ(values.at("A"), "70=1");
  EXPECT_EQ(values.at("B").substr(0, 4), "70=2");
  EXPECT_EQ(values.at("C"), "");
  EXPECT_TRUE(reading->says("DWG_BAD_XRECORD"));
  EXPECT_TRUE(reading->says("DWG_OBJECT_DAMAGED"));
}

TEST(DwgExtensions, TheBudgetHolds) {
  ObjectSet set(Version::r2018);
  set.limits.max_xdata_bytes = 200;
  set.add(kDictionary, 1, dictionary(set, {{"A", 2}, {"B", 3}, {"C", 4}}));
  testing::BitWriter groups;
  for (int i = 0; i < 10; ++i) groups.rs(70).rs(1000);
  for (const Handle handle : {2, 3, 4}) set.add(kXrecord, handle, record(set, groups));
  const auto reading = set.read();
  EXPECT_EQ(extension_of(*reading).size(), 1u);
  EXPECT_TRUE(reading->says("LIMIT_XDATA"));
}

}  // namespace
}  // namespace cad::dwg
