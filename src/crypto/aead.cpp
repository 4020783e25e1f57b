// SPDX-License-Identifier: Apache-2.0
#include "crypto/aead.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <climits>
#include <new>

namespace cad::crypto {
namespace {

const EVP_CIPHER* gcm() {
  static const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  if (cipher == nullptr) throw std::bad_alloc();
  return cipher;
}

unsigned char* raw(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }
const unsigned char* raw(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}

Result<void> broken() { return fail(ErrorCode::internal, "The AES-256-GCM provider failed."); }

}  // namespace

// Two contexts: switching one between the directions would schedule the key anew each time.
struct AesGcm::State {
  EVP_CIPHER_CTX* sealing = EVP_CIPHER_CTX_new();
  EVP_CIPHER_CTX* opening = EVP_CIPHER_CTX_new();
  ~State() {
    EVP_CIPHER_CTX_free(sealing);  // wipes the key schedule
    EVP_CIPHER_CTX_free(opening);
  }
};

AesGcm::AesGcm(std::span<const std::byte, 32> key) : state_(std::make_unique<State>()) {
  if (state_->sealing == nullptr || state_->opening == nullptr ||
      EVP_EncryptInit_ex2(state_->sealing, gcm(), raw(key.data()), nullptr, nullptr) != 1 ||
      EVP_DecryptInit_ex2(state_->opening, gcm(), raw(key.data()), nullptr, nullptr) != 1) {
    throw std::bad_alloc();
  }
}
AesGcm::~AesGcm() = default;
AesGcm::AesGcm(AesGcm&&) noexcept = default;
AesGcm& AesGcm::operator=(AesGcm&&) noexcept = default;

Result<void> AesGcm::seal(const Nonce& nonce, ByteView aad, ByteView plain,
                          std::span<std::byte> cipher, Tag& tag) {
  if (cipher.size() != plain.size() || plain.size() > INT_MAX || aad.size() > INT_MAX) {
    return fail(ErrorCode::invalid_argument, "AES-256-GCM was given buffers of a wrong length.");
  }
  EVP_CIPHER_CTX* context = state_->sealing;
  int done = 0;
  if (EVP_EncryptInit_ex2(context, nullptr, nullptr, nonce.data(), nullptr) != 1 ||
      (!aad.empty() && EVP_EncryptUpdate(context, nullptr, &done, raw(aad.data()),
                                         static_cast<int>(aad.size())) != 1) ||
      (!plain.empty() && EVP_EncryptUpdate(context, raw(cipher.data()), &done, raw(plain.data()),
                                           static_cast<int>(plain.size())) != 1)) {
    return broken();
  }
  unsigned char nothing[16];
  if (EVP_EncryptFinal_ex(context, nothing, &done) != 1 ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag.size()),
                          tag.data()) != 1) {
    return broken();
  }
  return {};
}

Result<void> AesGcm::open(const Nonce& nonce, ByteView aad, ByteView cipher, const Tag& tag,
                          std::span<std::byte> plain) {
  if (cipher.size() != plain.size() || cipher.size() > INT_MAX || aad.size() > INT_MAX) {
    return fail(ErrorCode::invalid_argument, "AES-256-GCM was given buffers of a wrong length.");
  }
  EVP_CIPHER_CTX* context = state_->opening;
  int done = 0;
  Tag expected = tag;
  if (EVP_DecryptInit_ex2(context, nullptr, nullptr, nonce.data(), nullptr) != 1 ||
      (!aad.empty() && EVP_DecryptUpdate(context, nullptr, &done, raw(aad.data()),
                                         static_cast<int>(aad.size())) != 1) ||
      (!cipher.empty() && EVP_DecryptUpdate(context, raw(plain.data()), &done, raw(cipher.data()),
                                            static_cast<int>(cipher.size())) != 1) ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(expected.size()),
                          expected.data()) != 1) {
    return broken();
  }
  unsigned char nothing[16];
  if (EVP_DecryptFinal_ex(context, nothing, &done) != 1) {
    std::fill(plain.begin(), plain.end(), std::byte{0});
    return fail(ErrorCode::integrity, "Stored data failed authentication.");
  }
  return {};
}

}  // namespace cad::crypto
