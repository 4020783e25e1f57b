// SPDX-License-Identifier: Apache-2.0
#include "secrets/sealed_box.hpp"

#include <cstring>

#include "crypto/aead.hpp"
#include "crypto/hash.hpp"

namespace cad::secrets {
namespace {

constexpr std::string_view kVersion = "1.";
constexpr std::size_t kIdLength = 16;
constexpr std::size_t kNonceBytes = 12;

}  // namespace

std::string SealedBox::associated(std::string_view owner) const {
  return std::string(use_.bound_to) + std::string(owner);
}

SealedBox::Key SealedBox::derive(RawKey master) const {
  const std::string derived = crypto::hkdf_sha256(master, "cadlens", use_.key_info, 32);
  Key out;
  std::memcpy(out.key.data(), derived.data(), out.key.size());
  out.id = crypto::sha256_hex(derived).substr(0, kIdLength);
  return out;
}

Result<std::string> SealedBox::seal(std::string_view secret, std::string_view owner) const {
  crypto::Nonce nonce;
  crypto::random_bytes(std::as_writable_bytes(std::span(nonce)));
  crypto::Tag tag;
  std::string cipher(secret.size(), '\0');
  const Key current = derive(masters_->now()->current().bytes());
  crypto::AesGcm aes(current.key);
  CAD_TRY(aes.seal(nonce, crypto::as_bytes(associated(owner)), crypto::as_bytes(secret),
                   std::as_writable_bytes(std::span(cipher)), tag));
  const std::string all =
      std::string(nonce.begin(), nonce.end()) + std::string(tag.begin(), tag.end()) + cipher;
  return std::string(kVersion) + current.id + "." + crypto::to_base64url(crypto::as_bytes(all));
}

Result<std::string> SealedBox::open(std::string_view sealed, std::string_view owner) const {
  const auto broken = [this] {
    return fail(ErrorCode::integrity,
                "A stored " + std::string(use_.name) +
                    " cannot be opened: it is damaged, or of another master key.");
  };
  const std::size_t start = kVersion.size() + kIdLength + 1;
  if (!sealed.starts_with(kVersion) || sealed.size() <= start || sealed[start - 1] != '.')
    return broken();
  const std::string_view id = sealed.substr(kVersion.size(), kIdLength);
  const auto all = crypto::from_base64url(sealed.substr(start));
  if (!all || all->size() < kNonceBytes + crypto::kTagBytes) return broken();
  const auto ring = masters_->now();
  for (const RingKey& master : ring->keys()) {
    const Key key = derive(master.bytes());
    if (key.id != id) continue;
    crypto::Nonce nonce;
    crypto::Tag tag;
    std::memcpy(nonce.data(), all->data(), nonce.size());
    std::memcpy(tag.data(), all->data() + nonce.size(), tag.size());
    const std::string_view cipher = std::string_view(*all).substr(nonce.size() + tag.size());
    std::string plain(cipher.size(), '\0');
    crypto::AesGcm aes(key.key);
    if (!aes.open(nonce, crypto::as_bytes(associated(owner)), crypto::as_bytes(cipher), tag,
                  std::as_writable_bytes(std::span(plain))))
      return broken();
    return plain;
  }
  return broken();
}

bool SealedBox::is_current(std::string_view sealed) const {
  return sealed.substr(0, kVersion.size() + kIdLength) ==
         std::string(kVersion) + derive(masters_->now()->current().bytes()).id;
}

}  // namespace cad::secrets
