// SPDX-License-Identifier: Apache-2.0
#include "webhooks/secrets.hpp"

#include <cstring>

#include "crypto/aead.hpp"
#include "crypto/hash.hpp"

namespace cad::webhooks {
namespace {

constexpr std::string_view kSecretStart = "whsec_";
constexpr std::string_view kVersion = "1.";
constexpr std::size_t kIdLength = 16;
constexpr std::size_t kNonceBytes = 12;

// The owner's id says what kind of owner it is ("we_...", "acc_...").
std::string associated(std::string_view owner) {
  return "cadlens webhook secret of " + std::string(owner);
}

}  // namespace

std::string make_secret() {
  const crypto::Key256 bytes = crypto::random_key();
  return std::string(kSecretStart) + crypto::to_base64(crypto::as_bytes(bytes));
}

SecretBox::Key SecretBox::derive(secrets::RawKey master) {
  const std::string derived =
      crypto::hkdf_sha256(master, "cadlens", "webhook secrets, version 1", 32);
  Key out;
  std::memcpy(out.key.data(), derived.data(), out.key.size());
  out.id = crypto::sha256_hex(derived).substr(0, kIdLength);
  return out;
}

Result<std::string> SecretBox::seal(std::string_view secret, std::string_view owner) const {
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

Result<std::string> SecretBox::open(std::string_view sealed, std::string_view owner) const {
  const auto broken = [] {
    return fail(ErrorCode::integrity,
                "A stored webhook secret cannot be opened: it is damaged, or of another master "
                "key.");
  };
  const std::size_t start = kVersion.size() + kIdLength + 1;
  if (!sealed.starts_with(kVersion) || sealed.size() <= start) return broken();
  const std::string_view id = sealed.substr(kVersion.size(), kIdLength);
  const auto all = crypto::from_base64url(sealed.substr(start));
  if (!all || all->size() < kNonceBytes + crypto::kTagBytes) return broken();
  const auto ring = masters_->now();
  for (const secrets::RingKey& master : ring->keys()) {
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

bool SecretBox::is_current(std::string_view sealed) const {
  return sealed.substr(0, kVersion.size() + kIdLength) ==
         std::string(kVersion) + derive(masters_->now()->current().bytes()).id;
}

Result<std::vector<std::string>> open_secrets(const SecretBox& box,
                                              const store::SealedSecrets& sealed,
                                              std::string_view owner, store::UnixMs now) {
  std::vector<std::string> out;
  CAD_ASSIGN(std::string secret, box.open(sealed.secret, owner));
  out.push_back(std::move(secret));
  if (sealed.old_secret && sealed.old_secret_until.value_or(0) > now) {
    CAD_ASSIGN(std::string old, box.open(*sealed.old_secret, owner));
    out.push_back(std::move(old));
  }
  return out;
}

Result<Rotated> rotate(const SecretBox& box, const store::SealedSecrets& present,
                       std::string_view owner, store::UnixMs overlap_until) {
  Rotated out;
  out.secret = make_secret();
  CAD_ASSIGN(out.sealed.secret, box.seal(out.secret, owner));
  out.sealed.old_secret = present.secret;
  out.sealed.old_secret_until = overlap_until;
  return out;
}

namespace {

// True: something was sealed anew.
Result<bool> reseal(const SecretBox& box, store::SealedSecrets& sealed, std::string_view owner) {
  bool changed = false;
  for (std::string* text : {&sealed.secret, sealed.old_secret ? &*sealed.old_secret : nullptr}) {
    if (text == nullptr || box.is_current(*text)) continue;
    CAD_ASSIGN(const std::string plain, box.open(*text, owner));
    CAD_ASSIGN(*text, box.seal(plain, owner));
    changed = true;
  }
  return changed;
}

}  // namespace

Result<std::int64_t> reseal_all(const SecretBox& box, store::Database& database) {
  store::EndpointRepository endpoints(database);
  std::int64_t count = 0;
  CAD_ASSIGN(const auto accounts, endpoints.accounts());
  for (const std::string& account : accounts) {
    CAD_ASSIGN(const auto list, endpoints.list(account));
    for (store::Endpoint endpoint : list) {
      CAD_ASSIGN(const bool changed, reseal(box, endpoint.secrets, endpoint.id));
      if (changed) CAD_TRY(endpoints.set_secrets(endpoint.id, endpoint.secrets));
      count += changed;
    }
    CAD_ASSIGN(const std::string fresh, box.seal(make_secret(), account));
    CAD_ASSIGN(store::SealedSecrets own, endpoints.account_secrets(account, fresh));
    CAD_ASSIGN(const bool changed, reseal(box, own, account));
    if (changed) CAD_TRY(endpoints.set_account_secrets(account, own));
    count += changed;
  }
  return count;
}

}  // namespace cad::webhooks
