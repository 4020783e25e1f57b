// SPDX-License-Identifier: Apache-2.0
#include "jobs/pack.hpp"

#include <gtest/gtest.h>

#include "crypto/bytes.hpp"
#include "jobs/fake_blobs.hpp"

namespace cad::jobs {
namespace {

class PackTest : public testing::Test {
 protected:
  PackWriter writer() { return PackWriter(blobs_.create("pack").value()); }
  static void add(PackWriter& pack, PartKind kind, std::uint32_t number, std::string_view text) {
    pack.begin(kind, number);
    EXPECT_TRUE(text.empty() || pack.write(crypto::as_bytes(text)));
  }
  Result<std::string> part(PartKind kind, std::uint32_t number = 0) {
    CAD_ASSIGN(const auto reader, open_in_pack(blobs_.open("pack").value(), kind, number));
    std::string text(static_cast<std::size_t>(reader->size()), '\0');
    CAD_ASSIGN(const std::size_t got, reader->read(0, std::as_writable_bytes(std::span(text))));
    EXPECT_EQ(got, text.size());
    return text;
  }
  std::string stored() {
    auto reader = blobs_.open("pack").value();
    std::string text(static_cast<std::size_t>(reader->size()), '\0');
    EXPECT_TRUE(reader->read(0, std::as_writable_bytes(std::span(text))));
    return text;
  }

  FakeBlobs blobs_;
};

TEST_F(PackTest, each_part_is_found_whole) {
  PackWriter pack = writer();
  add(pack, PartKind::result, 0, "{\"entities\":[]}");
  add(pack, PartKind::slots, 0, "");
  add(pack, PartKind::scene, 0, "first");
  add(pack, PartKind::scene, 7, "eighth");
  ASSERT_TRUE(pack.commit());
  EXPECT_EQ(part(PartKind::result).value(), "{\"entities\":[]}");
  EXPECT_EQ(part(PartKind::slots).value(), "");
  EXPECT_EQ(part(PartKind::scene).value(), "first");
  EXPECT_EQ(part(PartKind::scene, 7).value(), "eighth");
  EXPECT_EQ(part(PartKind::scene, 1).error().code, ErrorCode::not_found);
  EXPECT_EQ(part(PartKind::xdata).error().code, ErrorCode::not_found);
}

TEST_F(PackTest, a_part_ends_where_it_ends) {
  PackWriter pack = writer();
  add(pack, PartKind::result, 0, "0123456789");
  add(pack, PartKind::summary, 0, "next");
  ASSERT_TRUE(pack.commit());
  const auto reader = open_in_pack(blobs_.open("pack").value(), PartKind::result, 0).value();
  std::array<std::byte, 8> into{};
  EXPECT_EQ(reader->read(6, into).value(), 4u);
  EXPECT_EQ(static_cast<char>(into[0]), '6');
  EXPECT_EQ(reader->read(10, into).value(), 0u);
  EXPECT_EQ(reader->read(~0ull, into).value(), 0u);
}

TEST_F(PackTest, S18_a_list_that_lies_is_refused_whatever_byte_of_it_lies) {
  PackWriter pack = writer();
  add(pack, PartKind::result, 0, "text");
  ASSERT_TRUE(pack.commit());
  const std::string good = stored();
  int refused = 0;
  for (std::size_t at = 4; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x80);
    blobs_.put("pack", bad);
    const auto read = part(PartKind::result);
    if (!read)
      ++refused;
    else
      EXPECT_LE(read->size(), 4u) << at;
  }
  EXPECT_GE(refused, 30);
  for (std::size_t size = 0; size < good.size(); ++size) {
    blobs_.put("pack", good.substr(0, size));
    EXPECT_FALSE(part(PartKind::result)) << size;
  }
}

}  // namespace
}  // namespace cad::jobs
