// SPDX-License-Identifier: Apache-2.0
#include "jobs/summary.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "jobs/fake_blobs.hpp"

namespace cad::jobs {
namespace {

using Json = nlohmann::json;

// A document as the worker writes it, with its slots and its index.
struct Stored {
  std::string result = R"({"schemaVersion":"2.0.0")", slots, index;
  std::vector<IndexRecord> records;

  void slot(SlotKind kind, std::uint64_t a = 0, std::uint32_t b = 0) {
    const SlotRecord record{result.size(), kind, b, a};
    slots.append(reinterpret_cast<const char*>(&record), sizeof(record));
  }
  void sheet(std::uint16_t number, std::initializer_list<const char*> entities) {
    result += number == 0 ? R"({"name":"S","index":0)" : R"(,{"name":"S","index":1)";
    slot(SlotKind::sheet_image, number);
    result += R"(,"note":{"entities":[1]},"layers":[{"name":"\"entities\":[]"}],"entities":[)";
    bool first = true;
    for (const char* entity : entities) {
      if (!first) result.push_back(',');
      first = false;
      IndexRecord record;
      record.offset = result.size();
      record.sheet = number;
      result += std::string("{\"id\":\"") + entity + "\"";
      slot(SlotKind::xdata, 0, 4);
      result += "}";
      record.length = static_cast<std::uint32_t>(result.size() - record.offset);
      records.push_back(record);
    }
    result += "]}";
  }
  void finish() {
    IndexHeader header;
    header.record_count = records.size();
    index.assign(reinterpret_cast<const char*>(&header), sizeof(header));
    index.append(reinterpret_cast<const char*>(records.data()),
                 records.size() * sizeof(IndexRecord));
  }
};

Stored document(std::initializer_list<const char*> first,
                std::initializer_list<const char*> second) {
  Stored out;
  out.slot(SlotKind::job);
  out.result += R"(,"sheets":[)";
  out.sheet(0, first);
  out.sheet(1, second);
  out.result += R"(],"parseInfo":{"warnings":[]})";
  out.slot(SlotKind::tail);
  out.result += "}";
  const SlotRecord of_blocks{3, SlotKind::block_xdata, 0, 0};
  out.slots.append(reinterpret_cast<const char*>(&of_blocks), sizeof(of_blocks));
  out.finish();
  return out;
}

Result<std::string> cut(const Stored& from) {
  Inserts inserts;
  inserts.job = R"(,"jobId":"j")";
  inserts.tail = R"(,"imageUrl":null)";
  inserts.sheet_images = {R"(,"imageUrl":"u0")"};
  const auto slots = FakeBlobs::reader(from.slots), index = FakeBlobs::reader(from.index);
  CAD_ASSIGN(ResultStream stream,
             leave_out_entities(FakeBlobs::reader(from.result), *slots, *index, inserts));
  std::string all, block(7, '\0');
  while (true) {
    CAD_ASSIGN(const std::size_t count, stream.read(block));
    if (count == 0) break;
    all.append(block, 0, count);
  }
  EXPECT_EQ(stream.size, all.size());
  return all;
}

Json expected() {
  const Json layers = Json::parse(R"([{"name":"\"entities\":[]"}])");
  const Json note = Json::parse(R"({"entities":[1]})");
  const auto sheet = [&](int number, const Json& image) {
    return Json{
        {"name", "S"}, {"index", number}, {"imageUrl", image}, {"note", note}, {"layers", layers}};
  };
  return Json{{"schemaVersion", "2.0.0"},
              {"jobId", "j"},
              {"sheets", {sheet(0, "u0"), sheet(1, nullptr)}},
              {"parseInfo", {{"warnings", Json::array()}}},
              {"imageUrl", nullptr}};
}

TEST(Summary, is_the_result_without_entities) {
  for (const Stored& stored : {document({"1", "2", "3"}, {"4"}), document({}, {"4", "5"}),
                               document({"1"}, {}), document({}, {})}) {
    const auto text = cut(stored);
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_EQ(Json::parse(*text), expected());
  }
}

TEST(Summary, of_a_document_with_more_slots_than_anybody_reads) {
  Stored out;
  out.slot(SlotKind::job);
  out.result += R"(,"sheets":[)";
  out.sheet(0, {"1"});
  out.result.resize(out.result.size() - 2);
  for (int i = 0; i < 5000; ++i) {
    IndexRecord record;
    out.result += ",";
    record.offset = out.result.size();
    record.length = 2;
    out.result += "{";
    out.slot(SlotKind::xdata, 0, 4);
    out.result += "}";
    out.records.push_back(record);
  }
  out.result += "]}";
  out.sheet(1, {});
  out.result += R"(],"parseInfo":{"warnings":[]})";
  out.slot(SlotKind::tail);
  out.result += "}";
  out.finish();
  EXPECT_EQ(Json::parse(cut(out).value()), expected());
}

TEST(Summary, parts_that_do_not_fit_are_refused_before_the_first_byte) {
  const auto refused = [](auto change) {
    Stored stored = document({"1", "2"}, {"3"});
    change(stored);
    const auto text = cut(stored);
    return !text && text.error().code == ErrorCode::integrity;
  };
  const auto poke_record = [](Stored& stored, std::size_t number, auto IndexRecord::*field,
                              auto value) {
    stored.records[number].*field = value;
    stored.finish();
  };
  EXPECT_TRUE(refused([&](Stored& s) { poke_record(s, 1, &IndexRecord::length, 3u); }));
  EXPECT_TRUE(refused([&](Stored& s) { poke_record(s, 1, &IndexRecord::length, ~0u); }));
  EXPECT_TRUE(refused([&](Stored& s) { poke_record(s, 1, &IndexRecord::offset, ~0ull); }));
  EXPECT_TRUE(refused([&](Stored& s) { poke_record(s, 1, &IndexRecord::offset, 0ull); }));
  EXPECT_TRUE(refused([](Stored& s) { s.slots.resize(sizeof(SlotRecord)); })) << "no tail";
  EXPECT_TRUE(refused([](Stored& s) { s.slots.clear(); }));
  EXPECT_TRUE(refused([](Stored& s) { s.index.clear(); }));
  EXPECT_TRUE(refused([](Stored& s) { s.result.resize(s.result.size() / 2); }));
  EXPECT_TRUE(refused([](Stored& s) {
    const std::uint64_t far = 1'000'000;
    std::memcpy(s.slots.data(), &far, sizeof(far));
  }));
}

}  // namespace
}  // namespace cad::jobs
