// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/reed_solomon.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace cad::dwg::rs {
namespace {

std::vector<std::byte> noise(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::byte> bytes(size);
  for (std::byte& b : bytes) b = static_cast<std::byte>(random());
  return bytes;
}

std::vector<std::byte> word_of(Code code, std::uint32_t seed) {
  auto word = noise(kWord, seed);
  const std::vector<std::byte> data(word.begin(), word.end() - check_bytes(code));
  encode(code, data, std::span(word).last(check_bytes(code)));
  return word;
}

// Changes `count` bytes at places of their own.
void damage(std::span<std::byte> word, std::size_t count, std::mt19937& random) {
  std::vector<std::size_t> places(word.size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
  std::shuffle(places.begin(), places.end(), random);
  for (std::size_t i = 0; i < count; ++i)
    word[places[i]] ^= static_cast<std::byte>(1 + random() % 255);
}

class ReedSolomon : public ::testing::TestWithParam<Code> {
 protected:
  std::size_t most() const { return check_bytes(GetParam()) / 2; }
};
INSTANTIATE_TEST_SUITE_P(Codes, ReedSolomon, ::testing::Values(Code::data_page, Code::system_page),
                         [](const auto& p) {
                           return p.param == Code::data_page ? "data_page" : "system_page";
                         });

TEST_P(ReedSolomon, AWordIsIntact) {
  auto word = word_of(GetParam(), 1);
  EXPECT_TRUE(intact(GetParam(), Word(word)));
  const auto before = word;
  EXPECT_EQ(correct(GetParam(), Word(word)), 0u);
  EXPECT_EQ(word, before);
}

TEST_P(ReedSolomon, EveryCountUpToHalfTheCheckBytesIsMended) {
  std::mt19937 random(2);
  for (std::uint32_t round = 0; round < 400; ++round) {
    const auto whole = word_of(GetParam(), round);
    auto word = whole;
    const std::size_t count = 1 + round % most();
    damage(word, count, random);
    ASSERT_FALSE(intact(GetParam(), Word(word)));
    ASSERT_EQ(correct(GetParam(), Word(word)), count) << round;
    ASSERT_EQ(word, whole) << round;
  }
}

TEST_P(ReedSolomon, EveryPlaceIsMended) {
  const auto whole = word_of(GetParam(), 3);
  for (std::size_t at = 0; at < kWord; ++at) {
    auto word = whole;
    word[at] ^= std::byte{0x80};
    ASSERT_EQ(correct(GetParam(), Word(word)), 1u) << at;
    ASSERT_EQ(word, whole) << at;
  }
}

TEST_P(ReedSolomon, AWordBeyondRepairIsLeftAlone) {
  std::mt19937 random(4);
  unsigned left_alone = 0;
  for (std::uint32_t round = 0; round < 400; ++round) {
    auto word = word_of(GetParam(), round);
    damage(word, most() + 1 + round % 3, random);
    const auto damaged = word;
    if (correct(GetParam(), Word(word))) {  // it lies near another true word: that one it becomes
      EXPECT_TRUE(intact(GetParam(), Word(word)));
    } else {
      EXPECT_EQ(word, damaged);
      ++left_alone;
    }
  }
  EXPECT_GT(left_alone, 100u);
}

// Solved as linear equations over the fields of the specification, first byte times x^0.
TEST(ReedSolomonWords, CheckBytesAreThoseOfTheSpecification) {
  std::vector<std::byte> data(251);
  for (std::size_t j = 0; j < data.size(); ++j) data[j] = static_cast<std::byte>(j * j + 1);
  std::array<std::uint8_t, 4> four{};
  encode(Code::data_page, data, std::as_writable_bytes(std::span(four)));
  EXPECT_EQ(four, (std::array<std::uint8_t, 4>{0x88, 0xEB, 0x4E, 0xA1}));
  std::array<std::uint8_t, 16> sixteen{};
  encode(Code::system_page, data, std::as_writable_bytes(std::span(sixteen)));
  EXPECT_EQ(sixteen,
            (std::array<std::uint8_t, 16>{0x6C, 0x9E, 0x64, 0x9A, 0x00, 0xAC, 0x40, 0x1A, 0xE8,
                                          0x40, 0xFA, 0x9D, 0x15, 0x3F, 0xA7, 0x80}));
}

TEST_P(ReedSolomon, InterleavedWordsAreGatheredAndMended) {
  const std::size_t k = data_bytes(GetParam());
  for (const std::size_t words : {1u, 2u, 7u, 8u, 9u, 24u, 35u}) {
    std::vector<std::byte> page(words * kWord), data;
    for (std::size_t i = 0; i < words; ++i) {
      const auto word = word_of(GetParam(), static_cast<std::uint32_t>(i));
      for (std::size_t j = 0; j < kWord; ++j) page[j * words + i] = word[j];
      data.insert(data.end(), word.begin(), word.begin() + static_cast<std::ptrdiff_t>(k));
    }
    std::vector<std::byte> out(words * k);
    gather(GetParam(), page, words, out);
    EXPECT_EQ(out, data) << words;

    // Bytes that stand side by side belong to different words.
    std::fill_n(page.begin() + 5, words * most(), std::byte{0xAA});
    const Repair repair = gather_corrected(GetParam(), page, words, out);
    EXPECT_EQ(repair.lost_words, 0u);
    EXPECT_GT(repair.bytes, 0u);
    EXPECT_EQ(out, data) << words;
  }
}

TEST_P(ReedSolomon, PlainWordsEndInPaddingThatThePageLeavesOut) {
  const std::size_t k = data_bytes(GetParam()), n = check_bytes(GetParam());
  const auto padding = noise(256, 9);
  for (const std::size_t size : {1u, 100u, 239u, 251u, 252u, 1000u}) {
    const auto data = noise(size, 5);
    std::vector<std::byte> page = data;
    for (std::size_t at = 0; at < size; at += k) {
      const std::size_t count = std::min(k, size - at);
      std::vector<std::byte> word(data.begin() + static_cast<std::ptrdiff_t>(at),
                                  data.begin() + static_cast<std::ptrdiff_t>(at + count));
      word.insert(word.end(), padding.begin(),
                  padding.begin() + static_cast<std::ptrdiff_t>(k - count));
      page.resize(page.size() + n);
      encode(GetParam(), word, std::span(page).last(n));
    }
    page[size / 2] ^= std::byte{1};
    std::vector<std::byte> out(size);
    const Repair repair = correct_plain(GetParam(), page, padding, out);
    EXPECT_EQ(repair.bytes, 1u) << size;
    EXPECT_EQ(repair.lost_words, 0u) << size;
    EXPECT_EQ(out, data) << size;
  }
}

TEST_P(ReedSolomon, TooShortAPageGivesNothing) {
  std::vector<std::byte> page(2 * kWord - 1, std::byte{1}), out(2 * data_bytes(GetParam()));
  gather(GetParam(), page, 2, out);
  EXPECT_EQ(gather_corrected(GetParam(), page, 2, out).lost_words, 0u);
  EXPECT_EQ(out, std::vector<std::byte>(out.size()));
}

}  // namespace
}  // namespace cad::dwg::rs
