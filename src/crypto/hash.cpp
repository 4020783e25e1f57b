// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <climits>
#include <new>

namespace cad::crypto {
namespace {

// Fetched once: the implicit fetch of EVP_sha256() costs more than hashing a key.
const EVP_MD* sha256_method() {
  static const EVP_MD* method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (method == nullptr) throw std::bad_alloc();
  return method;
}

void check(int openssl_result) {
  if (openssl_result != 1) throw std::bad_alloc();
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  if (state_->context == nullptr) throw std::bad_alloc();
  check(EVP_DigestInit_ex2(state_->context, sha256_method(), nullptr));
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(ByteView bytes) {
  check(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

Digest Sha256::finish() {
  Digest digest;
  check(EVP_DigestFinal_ex(state_->context, digest.data(), nullptr));
  check(EVP_DigestInit_ex2(state_->context, sha256_method(), nullptr));
  return digest;
}

Digest sha256(ByteView bytes) {
  Digest digest;
  check(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, sha256_method(), nullptr));
  return digest;
}

std::string sha256_hex(std::string_view text) { return to_hex(as_bytes(sha256(text))); }

Digest hmac_sha256(ByteView key, ByteView message) {
  Digest digest;
  // OpenSSL reads a null key as "the previous one".
  const void* key_data = key.empty() ? "" : static_cast<const void*>(key.data());
  if (key.size() > INT_MAX) throw std::bad_alloc();
  if (HMAC(sha256_method(), key_data, static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(),
           nullptr) == nullptr) {
    throw std::bad_alloc();
  }
  return digest;
}

std::optional<std::string> md5_hex(ByteView bytes) {
  static const EVP_MD* method = EVP_MD_fetch(nullptr, "MD5", nullptr);
  std::array<std::uint8_t, 16> digest{};
  if (method == nullptr ||
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, method, nullptr) != 1)
    return std::nullopt;
  return to_hex(as_bytes(digest));
}

std::string hkdf_sha256(ByteView key, std::string_view salt, std::string_view info,
                        std::size_t bytes) {
  const Digest extracted = hmac_sha256(as_bytes(salt), key);
  std::string out, block;
  for (char number = 1; out.size() < bytes; ++number) {
    block.append(info).push_back(number);
    const Digest digest = hmac_sha256(as_bytes(extracted), as_bytes(block));
    block.assign(reinterpret_cast<const char*>(digest.data()), digest.size());
    out += block;
  }
  out.resize(bytes);
  return out;
}

}  // namespace cad::crypto
