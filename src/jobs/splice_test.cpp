// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "jobs/entities.hpp"
#include "jobs/fake_blobs.hpp"
#include "jobs/result.hpp"

namespace cad::jobs {
namespace {

std::string bytes_of(const std::vector<SlotRecord>& slots) {
  std::string out(slots.size() * sizeof(SlotRecord), '\0');
  std::memcpy(out.data(), slots.data(), out.size());
  return out;
}

// {"v":1|job|,"sheets":[{"e":[{"a":1|xdata|}]|image 0|},{"e":[]|image 1|}]|tail|}
const std::string kResult = R"({"v":1,"sheets":[{"e":[{"a":1}]},{"e":[]}]})";
const std::string kBlocks = R"([{"b":2}])";
const std::string kXdata = R"(,"xdata":{"x":1},"xdata":{"y":22})";

std::vector<SlotRecord> good_slots() {
  const auto at = [](std::string_view text, std::size_t after) {
    return kResult.find(text) + after;
  };
  return {{6, SlotKind::job, 0, 0},
          {at("\"a\":1", 5), SlotKind::xdata, 16, 0},
          {at("]},{", 1), SlotKind::sheet_image, 0, 0},
          {at("[]}", 2), SlotKind::sheet_image, 0, 1},
          {kResult.size() - 1, SlotKind::tail, 0, 0},
          {7, SlotKind::block_xdata, 17, 16}};
}

Sources sources(const std::vector<SlotRecord>& slots) {
  return {FakeBlobs::reader(kResult), FakeBlobs::reader(bytes_of(slots)),
          FakeBlobs::reader(kBlocks), FakeBlobs::reader(kXdata)};
}

Inserts inserts(bool blocks, bool xdata) {
  Inserts out;
  out.job = R"(,"jobId":"j")";
  out.tail = R"(,"imageUrl":"u0")";
  out.sheet_images = {R"(,"imageUrl":"u0")"};
  out.blocks = blocks;
  out.xdata = xdata;
  return out;
}

std::string read_all_of(ResultStream& stream, std::size_t step) {
  std::string all, block(step, '\0');
  while (true) {
    const auto count = stream.read(block);
    EXPECT_TRUE(count);
    if (!count || *count == 0) return all;
    all.append(block, 0, *count);
  }
}

TEST(Splice, slots_are_filled_and_the_size_is_known_before) {
  const std::string plain =
      R"({"v":1,"jobId":"j","sheets":[{"e":[{"a":1}],"imageUrl":"u0"},{"e":[],"imageUrl":null}],"imageUrl":"u0"})";
  const std::string full =
      R"({"v":1,"jobId":"j","sheets":[{"e":[{"a":1,"xdata":{"x":1}}],"imageUrl":"u0"},)"
      R"({"e":[],"imageUrl":null}],"imageUrl":"u0","blocks":[{"b":2,"xdata":{"y":22}}]})";
  for (const std::size_t step : {1u, 2u, 7u, 1000u}) {
    auto without = splice(sources(good_slots()), inserts(false, false));
    ASSERT_TRUE(without) << without.error().message;
    EXPECT_EQ(read_all_of(*without, step), plain);
    EXPECT_EQ(without->size, plain.size());
    auto with = splice(sources(good_slots()), inserts(true, true));
    ASSERT_TRUE(with);
    EXPECT_EQ(read_all_of(*with, step), full);
    EXPECT_EQ(with->size, full.size());
  }
  EXPECT_TRUE(nlohmann::json::accept(full));
}

TEST(Splice, blocks_and_xdata_are_chosen_apart) {
  auto blocks = splice(sources(good_slots()), inserts(true, false));
  ASSERT_TRUE(blocks);
  EXPECT_NE(read_all_of(*blocks, 100).find(R"("blocks":[{"b":2}]})"), std::string::npos);
  auto xdata = splice(sources(good_slots()), inserts(false, true));
  ASSERT_TRUE(xdata);
  const std::string text = read_all_of(*xdata, 100);
  EXPECT_NE(text.find(R"("xdata":{"x":1})"), std::string::npos);
  EXPECT_EQ(text.find("blocks"), std::string::npos);
  EXPECT_EQ(xdata->size, text.size());
}

TEST(Splice, a_missing_xdata_part_is_no_xdata) {
  Sources from = sources(good_slots());
  from.xdata = nullptr;
  auto with = splice(std::move(from), inserts(true, true));
  ASSERT_TRUE(with);
  EXPECT_EQ(read_all_of(*with, 100).find("xdata"), std::string::npos);
}

TEST(Splice, more_slots_than_one_block_holds) {
  std::string document = "[";
  std::vector<SlotRecord> slots;
  for (int i = 0; i < 3000; ++i) {
    document += i == 0 ? "{\"a\":1" : ",{\"a\":1";
    slots.push_back({document.size(), SlotKind::xdata, 16, 0});
    document += "}";
  }
  document += "]";
  auto with = splice({FakeBlobs::reader(document), FakeBlobs::reader(bytes_of(slots)), nullptr,
                      FakeBlobs::reader(kXdata)},
                     inserts(false, true));
  ASSERT_TRUE(with);
  const std::string text = read_all_of(*with, 4096);
  EXPECT_EQ(text.size(), with->size);
  EXPECT_EQ(nlohmann::json::parse(text).size(), 3000u);
}

TEST(Splice, slots_that_do_not_fit_are_refused_before_the_first_byte) {
  const auto broken = [](std::size_t i, auto change) {
    auto slots = good_slots();
    change(slots[i]);
    const auto spliced = splice(sources(slots), inserts(true, true));
    return !spliced && spliced.error().code == ErrorCode::integrity;
  };
  EXPECT_TRUE(broken(4, [](auto& s) { s.offset = kResult.size() + 1; }));
  EXPECT_TRUE(broken(0, [](auto& s) { s.offset = 40; })) << "not sorted";
  EXPECT_TRUE(broken(1, [](auto& s) { s.b = 34; })) << "longer than the part";
  EXPECT_TRUE(broken(1, [](auto& s) { s.a = std::numeric_limits<std::uint64_t>::max(); }));
  EXPECT_TRUE(broken(5, [](auto& s) { s.offset = kBlocks.size() + 1; }));
  EXPECT_TRUE(broken(0, [](auto& s) { s.kind = static_cast<SlotKind>(77); }));
  EXPECT_TRUE(broken(0, [](auto& s) { s.kind = SlotKind::block_xdata; })) << "out of place";
  Sources odd = sources(good_slots());
  odd.slots = FakeBlobs::reader(bytes_of(good_slots()) + "x");
  EXPECT_FALSE(splice(std::move(odd), inserts(false, false)));
}

TEST(Splice, a_result_that_got_shorter_is_an_error_and_no_short_answer) {
  auto pieces = PieceReader([n = 0]() mutable -> Result<std::optional<Piece>> {
    if (n++ > 0) return std::optional<Piece>();
    return std::optional<Piece>(Range{FakeBlobs::reader("abc"), 0, 5});
  });
  std::string block(3, '\0');
  EXPECT_EQ(pieces.read(block).value(), 3u);
  EXPECT_FALSE(pieces.read(block));
}

struct TestIndex {
  std::string bytes;
  std::shared_ptr<blobs::Reader> result;
};

// Six entities "0".."5": layers A, B; types LINE, TEXT; the first four on sheet 0.
TestIndex make_index() {
  const std::string names = std::string("Layer A\0B\0LINE\0TEXT\0", 20);
  IndexHeader header;
  header.layer_count = header.type_count = header.sheet_count = 2;
  header.name_bytes = static_cast<std::uint32_t>(names.size());
  header.record_count = 6;
  TestIndex index;
  index.bytes.assign(reinterpret_cast<const char*>(&header), sizeof(header));
  index.bytes += names;
  while (index.bytes.size() % 8 != 0) index.bytes += '\0';
  for (std::uint16_t i = 0; i < 6; ++i) {
    IndexRecord record;
    record.offset = i;
    record.length = 1;
    record.layer = i % 2;
    record.type = i >= 3;
    record.sheet = i >= 4;
    record.min_x = i * 10.0;
    record.max_x = i * 10.0 + 5;
    record.max_y = 1;
    record.handle = 0x20 + i;
    if (i == 2) record.min_x = record.max_x = std::numeric_limits<double>::quiet_NaN();
    index.bytes.append(reinterpret_cast<const char*>(&record), sizeof(record));
  }
  index.result = FakeBlobs::reader("012345");
  return index;
}

std::string found(const EntityQuery& query, std::optional<std::int64_t> sheet = {}) {
  const TestIndex index = make_index();
  const auto reader = FakeBlobs::reader(index.bytes);
  const auto page = search_index(*reader, index.result, query, sheet);
  if (!page) return page.error().message;
  std::string out;
  for (const Range& range : page->entities) out += std::to_string(range.offset);
  if (page->next) out += "..." + std::to_string(*page->next);
  return out;
}

TEST(Entities, are_found_by_layer_type_sheet_and_box) {
  EXPECT_EQ(found({}), "012345");
  EXPECT_EQ(found({.layers = {"b"}}), "135");
  EXPECT_EQ(found({.layers = {"B", "layer a"}}), "012345");
  EXPECT_EQ(found({.layers = {"none"}}), "");
  EXPECT_EQ(found({.types = {"line"}}), "012");
  EXPECT_EQ(found({.layers = {"Layer A"}, .types = {"TEXT"}}), "4");
  EXPECT_EQ(found({}, 1), "45");
  EXPECT_EQ(found({.bbox = std::array{5.0, 1.0, 30.0, 9.0}}), "013") << "2 has no known box";
  EXPECT_EQ(found({.bbox = std::array{0.0, 1.5, 99.0, 9.0}}), "");
}

TEST(Entities, one_is_found_by_its_place_in_its_sheet) {
  EXPECT_EQ(found({.index = 0}), "0") << "of the first sheet";
  EXPECT_EQ(found({.index = 3}, 0), "3");
  EXPECT_EQ(found({.index = 4}, 0), "") << "the next sheet's";
  EXPECT_EQ(found({.index = 1}, 1), "5");
  EXPECT_EQ(found({.index = 2}, 1), "");
  EXPECT_EQ(found({.index = 0}, 7), "");
  EXPECT_EQ(found({.layers = {"B"}, .index = 0}, 0), "") << "other filters hold, too";
}

// Two entities of one handle and one without; `handles` as the index has them.
std::string found_by_handle(std::uint64_t handle, std::array<std::uint32_t, 3> handles) {
  const std::string document =
      R"([{"id":"1A2B","handle":"1A2B"},{"id":"1A2B~2","handle":"1A2B"},{"id":"s0-2","handle":null}])";
  TestIndex index = make_index();
  index.bytes.resize(index.bytes.size() - 3 * sizeof(IndexRecord));
  const std::uint64_t three = 3;
  std::memcpy(index.bytes.data() + offsetof(IndexHeader, record_count), &three, sizeof(three));
  std::size_t at = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    char* const place = index.bytes.data() + index.bytes.size() - (3 - i) * sizeof(IndexRecord);
    IndexRecord record;
    std::memcpy(&record, place, sizeof(record));
    record.offset = document.find('{', at);
    at = document.find('}', at) + 1;
    record.length = static_cast<std::uint32_t>(at - record.offset);
    record.handle = handles[i];
    std::memcpy(place, &record, sizeof(record));
  }
  const auto reader = FakeBlobs::reader(index.bytes);
  const auto page = search_index(*reader, FakeBlobs::reader(document), {.handle = handle}, {});
  std::string out;
  for (const Range& range : page->entities) {
    const auto entity = nlohmann::json::parse(document.substr(range.offset, range.length));
    out += entity["id"].get<std::string>() + " ";
  }
  return out;
}

TEST(Entities, one_is_found_by_its_handle) {
  for (const auto& handles : {std::array<std::uint32_t, 3>{0x1a2b, 0x1a2b, 0}, {0, 0, 0}}) {
    EXPECT_EQ(found_by_handle(0x1a2b, handles), "1A2B 1A2B~2 ") << handles[0];
    EXPECT_EQ(found_by_handle(0x1a2, handles), "");
    EXPECT_EQ(found_by_handle(0x1'0000'1a2b, handles), "") << "the index has the lower half";
  }
}

TEST(Entities, pages_join_without_gap_or_overlap) {
  EXPECT_EQ(found({.limit = 2}), "01...2");
  EXPECT_EQ(found({.limit = 2, .start = 2}), "23...4");
  EXPECT_EQ(found({.limit = 2, .start = 4}), "45");
  EXPECT_EQ(found({.layers = {"B"}, .limit = 2}), "13...5");
  EXPECT_EQ(found({.start = 600}), "");
  EXPECT_EQ(decode_entity_cursor(encode_entity_cursor(12345)), 12345u);
  for (const char* wrong : {"", "e", "12", "ZTE=", "ZQ", "ZS0x"})
    EXPECT_FALSE(decode_entity_cursor(wrong)) << wrong;
}

TEST(Entities, an_index_that_does_not_fit_is_refused) {
  const auto refused = [](auto change) {
    TestIndex index = make_index();
    change(index.bytes);
    const auto reader = FakeBlobs::reader(index.bytes);
    const auto page = search_index(*reader, index.result, {}, {});
    return !page && page.error().code == ErrorCode::integrity;
  };
  const auto poke = [](std::size_t at, auto value) {
    return
        [at, value](std::string& bytes) { std::memcpy(bytes.data() + at, &value, sizeof(value)); };
  };
  const std::size_t records = (sizeof(IndexHeader) + 20 + 7) / 8 * 8;
  EXPECT_TRUE(refused(poke(0, 'X')));
  EXPECT_TRUE(refused(poke(offsetof(IndexHeader, version), std::uint32_t{2})));
  EXPECT_TRUE(refused(poke(offsetof(IndexHeader, record_count), std::uint64_t{7})));
  EXPECT_TRUE(refused(poke(offsetof(IndexHeader, record_count), ~std::uint64_t{0})));
  EXPECT_TRUE(refused(poke(offsetof(IndexHeader, layer_count), ~std::uint32_t{0})));
  EXPECT_TRUE(refused(poke(offsetof(IndexHeader, name_bytes), ~std::uint32_t{0})));
  EXPECT_TRUE(refused(poke(records + offsetof(IndexRecord, offset), std::uint64_t{6})));
  EXPECT_TRUE(refused(poke(records + offsetof(IndexRecord, layer), std::uint32_t{2})));
  EXPECT_TRUE(refused([](std::string& bytes) { bytes.resize(10); }));
  EXPECT_TRUE(refused([](std::string& bytes) { bytes.pop_back(); }));
}

}  // namespace
}  // namespace cad::jobs
