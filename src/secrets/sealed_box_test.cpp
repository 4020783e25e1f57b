// SPDX-License-Identifier: Apache-2.0
#include "secrets/sealed_box.hpp"

#include <gtest/gtest.h>

namespace cad::secrets {
namespace {

constexpr SealedUse kLetters{
    .key_info = "letters, version 1", .bound_to = "letter of ", .name = "letter"};
constexpr SealedUse kCards{.key_info = "cards, version 1", .bound_to = "card of ", .name = "card"};

std::shared_ptr<KeySource> masters_of(KeyRing ring) { return KeySource::fixed(std::move(ring)); }
KeyRing ring_of(std::uint8_t filler) {
  std::array<std::byte, kKeyBytes> bytes;
  bytes.fill(std::byte{filler});
  return KeyRing::of_one(bytes, "test");
}

TEST(SealedBox, opens_for_its_owner_its_use_and_its_key_alone) {
  const auto masters = masters_of(ring_of(1));
  const SealedBox letters(masters, kLetters);
  const std::string sealed = letters.seal("dear", "ann").value();
  EXPECT_EQ(sealed.find("dear"), std::string::npos);
  EXPECT_NE(sealed, letters.seal("dear", "ann").value());
  EXPECT_EQ(letters.open(sealed, "ann").value(), "dear");
  EXPECT_EQ(letters.open(sealed, "bob").error().code, ErrorCode::integrity);
  EXPECT_EQ(SealedBox(masters, kCards).open(sealed, "ann").error().code, ErrorCode::integrity);
  EXPECT_EQ(SealedBox(masters_of(ring_of(2)), kLetters).open(sealed, "ann").error().message,
            "A stored letter cannot be opened: it is damaged, or of another master key.");
}

TEST(SealedBox, every_changed_byte_is_noticed) {
  const SealedBox box(masters_of(ring_of(1)), kLetters);
  const std::string sealed = box.seal("dear", "ann").value();
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(box.open(changed, "ann")) << at;
    EXPECT_FALSE(box.open(sealed.substr(0, at), "ann")) << at;
  }
}

TEST(SealedBox, follows_a_rotation) {
  const KeyRing old_ring = ring_of(1);
  const std::string sealed =
      SealedBox(masters_of(ring_of(1)), kLetters).seal("dear", "ann").value();
  const SealedBox box(masters_of(old_ring.rotated("test", std::nullopt)), kLetters);
  EXPECT_EQ(box.open(sealed, "ann").value(), "dear");
  EXPECT_FALSE(box.is_current(sealed));
  EXPECT_TRUE(box.is_current(box.seal("dear", "ann").value()));
}

}  // namespace
}  // namespace cad::secrets
