// SPDX-License-Identifier: Apache-2.0
#include "webhooks/secrets.hpp"

#include "crypto/bytes.hpp"

namespace cad::webhooks {
namespace {

constexpr std::string_view kSecretStart = "whsec_";
constexpr secrets::SealedUse kUse{.key_info = "webhook secrets, version 1",
                                  .bound_to = "cadlens webhook secret of ",
                                  .name = "webhook secret"};

}  // namespace

std::string make_secret() {
  const crypto::Key256 bytes = crypto::random_key();
  return std::string(kSecretStart) + crypto::to_base64(crypto::as_bytes(bytes));
}

SecretBox::SecretBox(std::shared_ptr<secrets::KeySource> masters)
    : SealedBox(std::move(masters), kUse) {}

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
