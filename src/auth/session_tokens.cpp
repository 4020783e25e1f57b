// SPDX-License-Identifier: Apache-2.0
#include "auth/session_tokens.hpp"

#include <vector>

#include "crypto/bytes.hpp"
#include "jose/claims.hpp"

namespace cad::auth {
namespace {

constexpr std::string_view kType = "at+jwt";
constexpr std::string_view kAudience = "cadlens-api";
// Nodes look for a new key this often, and sign with the old one until then.
constexpr std::chrono::seconds kLoadEvery{30}, kLoadAtMostEvery{1};
constexpr std::chrono::seconds kSkew{60};  // between nodes
constexpr store::UnixMs kRetiredLife =
    std::chrono::milliseconds(kAccessTokenLife + kLoadEvery + 2 * kSkew).count();

bool still_verifies(const store::SessionKey& key, store::UnixMs now) {
  return !key.retired_at || *key.retired_at + kRetiredLife > now;
}

Result<std::string> add_key(store::Database& database, const secrets::SealedBox& box,
                            store::UnixMs now, bool only_first) {
  CAD_ASSIGN(const auto key, jose::SigningKey::generate());
  const Secret jwk = key.private_jwk();
  CAD_ASSIGN(std::string sealed, box.seal(jwk.text(), key.kid()));
  CAD_TRY(store::SessionKeyRepository(database).add(
      {key.kid(), std::move(sealed), key.public_jwk(), now}, only_first));
  return key.kid();
}

}  // namespace

struct SessionTokens::Keys {
  jose::SigningKey signing;
  jose::PublicKeys verifying;
  std::string jwks;
};

Result<std::unique_ptr<SessionTokens>> SessionTokens::open(store::Database& database,
                                                           secrets::SealedBox box,
                                                           std::string issuer, Clock clock) {
  std::unique_ptr<SessionTokens> tokens(
      new SessionTokens(database, std::move(box), std::move(issuer), std::move(clock)));
  CAD_ASSIGN(const auto stored, store::SessionKeyRepository(database).list());
  if (stored.empty()) {
    const auto made = add_key(database, tokens->box_, tokens->clock_(), true);
    // Another node may have been first.
    if (!made && made.error().code != ErrorCode::conflict) return tl::unexpected(made.error());
  }
  CAD_TRY(tokens->keys(kLoadEvery));
  return tokens;
}

Result<std::shared_ptr<const SessionTokens::Keys>> SessionTokens::load() {
  CAD_ASSIGN(const auto stored, store::SessionKeyRepository(database_).list());
  std::vector<std::string> publics;
  const store::SessionKey* current = nullptr;
  for (const store::SessionKey& key : stored) {
    if (!still_verifies(key, clock_())) continue;
    publics.push_back(key.public_jwk);
    if (!key.retired_at && current == nullptr) current = &key;
  }
  if (current == nullptr)
    return fail(ErrorCode::internal, "The database has no key to sign sessions with.");
  CAD_ASSIGN(std::string opened, box_.open(current->sealed, current->kid));
  const Secret jwk = Secret::from_text(opened);
  CAD_ASSIGN(auto signing, jose::SigningKey::from_private_jwk(jwk));
  const std::string jwks = jose::to_jwks(publics);
  CAD_ASSIGN(auto verifying, jose::PublicKeys::parse(jwks));
  return std::make_shared<const Keys>(Keys{std::move(signing), std::move(verifying), jwks});
}

Result<std::shared_ptr<const SessionTokens::Keys>> SessionTokens::keys(
    std::chrono::seconds at_most) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (keys_ && now - loaded_at_ < at_most) return keys_;
  auto loaded = load();
  if (!loaded && keys_ && loaded.error().code == ErrorCode::unavailable) return keys_;
  CAD_TRY(loaded);
  keys_ = *loaded;
  loaded_at_ = now;
  return keys_;
}

Result<std::string> SessionTokens::issue(const AccessClaims& claims) {
  CAD_ASSIGN(const auto keys, this->keys(kLoadEvery));
  const std::int64_t now = clock_() / 1000;
  const nlohmann::ordered_json payload{
      {"iss", issuer_},
      {"aud", kAudience},
      {"sub", claims.account_id},
      {"sid", claims.session_id},
      {"jti", crypto::random_uuid()},
      {"iat", now},
      {"exp", now + std::chrono::seconds(kAccessTokenLife).count()}};
  return jose::sign(keys->signing, payload.dump(), kType);
}

Result<AccessClaims> SessionTokens::verify(std::string_view token) {
  CAD_ASSIGN(auto keys, this->keys(kLoadEvery));
  auto verified = jose::verify(token, keys->verifying, kType);
  if (!verified) {  // perhaps of a key that another node has just made
    CAD_ASSIGN(const auto newer, this->keys(kLoadAtMostEvery));
    if (newer != keys) verified = jose::verify(token, newer->verifying, kType);
  }
  CAD_TRY(verified);
  const std::int64_t now = clock_() / 1000;
  CAD_TRY(jose::check_claims(verified->claims, {.issuer = issuer_,
                                                .audience = std::string(kAudience),
                                                .now = now,
                                                .clock_skew = kSkew.count()}));
  // The skew is for clocks that are ahead: a token's end is its end.
  if (verified->claims.at("exp").get<std::int64_t>() <= now)
    return fail(ErrorCode::integrity, "The token has expired.");
  const auto sid = verified->claims.find("sid"), sub = verified->claims.find("sub");
  if (sid == verified->claims.end() || sub == verified->claims.end() || !sid->is_string() ||
      !sub->is_string())
    return fail(ErrorCode::integrity, "The token names no session.");
  return AccessClaims{sid->get<std::string>(), sub->get<std::string>()};
}

Result<std::string> SessionTokens::jwks() {
  CAD_ASSIGN(const auto keys, this->keys(kLoadEvery));
  return keys->jwks;
}

Result<std::string> rotate_session_key(store::Database& database, const secrets::SealedBox& box,
                                       store::UnixMs now) {
  CAD_TRY(store::SessionKeyRepository(database).remove_retired(now - kRetiredLife));
  return add_key(database, box, now, false);
}

Result<void> reseal_session_keys(store::Database& database, const secrets::SealedBox& box) {
  store::SessionKeyRepository keys(database);
  CAD_ASSIGN(const auto stored, keys.list());
  for (const store::SessionKey& key : stored) {
    if (box.is_current(key.sealed)) continue;
    CAD_ASSIGN(std::string opened, box.open(key.sealed, key.kid));
    const Secret jwk = Secret::from_text(opened);
    CAD_ASSIGN(const std::string sealed, box.seal(jwk.text(), key.kid));
    CAD_TRY(keys.set_sealed(key.kid, sealed));
  }
  return {};
}

}  // namespace cad::auth
