// SPDX-License-Identifier: Apache-2.0
// Against published vectors: FIPS 180-4, RFC 4231, RFC 4648, and GCM test case 16 of McGrew and
// Viega (AES-256 with associated data).
#include <gtest/gtest.h>

#include <set>

#include "crypto/aead.hpp"
#include "crypto/bytes.hpp"
#include "crypto/hash.hpp"

namespace cad::crypto {
namespace {

std::string unhex(std::string_view hex) { return from_hex(hex).value(); }

template <std::size_t N>
std::array<std::uint8_t, N> array_of(std::string_view hex) {
  const std::string bytes = unhex(hex);
  std::array<std::uint8_t, N> out{};
  EXPECT_EQ(bytes.size(), N);
  std::copy_n(bytes.begin(), N, out.begin());
  return out;
}

TEST(Crypto, sha256_of_published_messages) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Crypto, sha256_in_pieces_equals_at_once_and_starts_anew) {
  Sha256 hash;
  hash.update(as_bytes("a"));
  hash.update({});
  hash.update(as_bytes("bc"));
  EXPECT_EQ(hash.finish(), sha256("abc"));
  hash.update(as_bytes("abc"));
  EXPECT_EQ(hash.finish(), sha256("abc"));
}

TEST(Crypto, hmac_of_rfc_4231) {
  EXPECT_EQ(to_hex(as_bytes(hmac_sha256("Jefe", "what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(as_bytes(hmac_sha256(std::string(131, '\xaa'),
                                        "Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(to_hex(as_bytes(hmac_sha256("", ""))),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Crypto, md5_of_rfc_1321) {
  EXPECT_EQ(md5_hex({}), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex(as_bytes("message digest")), "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST(Crypto, base64_of_rfc_4648) {
  EXPECT_EQ(to_base64(as_bytes("f")), "Zg==");
  EXPECT_EQ(to_base64(as_bytes("foob")), "Zm9vYg==");
  EXPECT_EQ(to_base64(as_bytes("foobar")), "Zm9vYmFy");
  EXPECT_EQ(to_base64url(as_bytes("\xfb\xff")), "-_8");
  EXPECT_EQ(from_base64url("Zm9vYg"), "foob");
  EXPECT_EQ(from_base64url(""), "");
}

TEST(Crypto, base64url_has_one_text_per_value) {
  EXPECT_EQ(from_base64url("Zg"), "f");
  EXPECT_FALSE(from_base64url("Zh"));    // trailing bits set
  EXPECT_FALSE(from_base64url("Z"));     // six bits make no byte
  EXPECT_FALSE(from_base64url("Zg=="));  // padding
  EXPECT_FALSE(from_base64url("Z+"));    // the other alphabet
}

TEST(Crypto, hex_both_ways) {
  EXPECT_EQ(to_hex(as_bytes("\x01\xAF")), "01af");
  EXPECT_EQ(from_hex("01AF"), "\x01\xaf");
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
}

TEST(Crypto, random_values_differ) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random_hex(16));
  EXPECT_EQ(seen.size(), 100u);
  EXPECT_EQ(random_token(32).size(), 43u);
}

TEST(Crypto, constant_time_equality) {
  EXPECT_TRUE(equal_in_constant_time("secret", "secret"));
  EXPECT_FALSE(equal_in_constant_time("secret", "secreT"));
  EXPECT_FALSE(equal_in_constant_time("secret", "secre"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
}

TEST(Crypto, S03_aes_256_gcm_matches_the_published_vector) {
  AesGcm aes(array_of<32>("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  const Nonce nonce = array_of<12>("cafebabefacedbaddecaf888");
  const std::string aad = unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string plain = unhex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6"
      "b525b16aedf5aa0de657ba637b39");
  std::string cipher(plain.size(), '\0');
  Tag tag{};
  ASSERT_TRUE(aes.seal(nonce, as_bytes(aad), as_bytes(plain),
                       std::as_writable_bytes(std::span(cipher)), tag));
  EXPECT_EQ(
      to_hex(as_bytes(cipher)),
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056"
      "828838c5f61e6393ba7a0abcc9f662");
  EXPECT_EQ(to_hex(as_bytes(tag)), "76fc6ece0f4e1768cddf8853bb2d551b");

  std::string back(cipher.size(), '\0');
  auto out = std::as_writable_bytes(std::span(back));
  ASSERT_TRUE(aes.open(nonce, as_bytes(aad), as_bytes(cipher), tag, out));
  EXPECT_EQ(back, plain);
}

TEST(Crypto, S03_anything_altered_is_refused_and_gives_no_plaintext) {
  AesGcm aes(random_key());
  const Nonce nonce{1};
  const std::string plain = "a house";
  std::string cipher(plain.size(), '\0');
  Tag tag{};
  ASSERT_TRUE(aes.seal(nonce, as_bytes("key 1"), as_bytes(plain),
                       std::as_writable_bytes(std::span(cipher)), tag));
  std::string back(cipher.size(), 'x');
  auto out = std::as_writable_bytes(std::span(back));

  EXPECT_EQ(aes.open(nonce, as_bytes("key 2"), as_bytes(cipher), tag, out).error().code,
            ErrorCode::integrity);
  EXPECT_EQ(back, std::string(plain.size(), '\0'));
  EXPECT_FALSE(aes.open(Nonce{2}, as_bytes("key 1"), as_bytes(cipher), tag, out));
  Tag other = tag;
  other[15] ^= 1;
  EXPECT_FALSE(aes.open(nonce, as_bytes("key 1"), as_bytes(cipher), other, out));
  std::string flipped = cipher;
  flipped[3] = static_cast<char>(flipped[3] ^ 0x10);
  EXPECT_FALSE(aes.open(nonce, as_bytes("key 1"), as_bytes(flipped), tag, out));
  EXPECT_FALSE(AesGcm(random_key()).open(nonce, as_bytes("key 1"), as_bytes(cipher), tag, out));
  EXPECT_TRUE(aes.open(nonce, as_bytes("key 1"), as_bytes(cipher), tag, out));
}

TEST(Hkdf, gives_the_bytes_of_rfc_5869) {
  // Appendix A.1.
  const std::string key(22, '\x0b');
  EXPECT_EQ(
      to_hex(as_bytes(hkdf_sha256(as_bytes(key), from_hex("000102030405060708090a0b0c").value(),
                                  from_hex("f0f1f2f3f4f5f6f7f8f9").value(), 42))),
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST(Bytes, padded_base64_is_read_strictly) {
  for (const char* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
    EXPECT_EQ(from_base64(to_base64(as_bytes(text))), text);
  for (const char* wrong : {"Zg", "Zg=", "Zh==", "Z===", "====", "Zm9v\n", "Zm-v", "Zg==Zg=="})
    EXPECT_EQ(from_base64(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace cad::crypto
