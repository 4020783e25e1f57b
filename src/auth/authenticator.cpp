// SPDX-License-Identifier: Apache-2.0
#include "auth/authenticator.hpp"

#include "auth/allowed_networks.hpp"
#include "auth/api_key.hpp"

namespace cad::auth {
namespace {

using Why = Refusal::Why;

// lastUsedAt is for people: once a minute is exact enough and spares a write per request.
constexpr store::UnixMs kNoteEvery = 60'000;
constexpr std::size_t kMaxNoted = 10'000;

std::optional<std::string_view> bearer(std::string_view header) {
  constexpr std::string_view kScheme = "bearer ";
  if (header.size() <= kScheme.size()) return std::nullopt;
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = header[i];
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower != kScheme[i]) return std::nullopt;
  }
  std::string_view token = header.substr(kScheme.size());
  while (!token.empty() && token.front() == ' ') token.remove_prefix(1);
  return token;
}

tl::unexpected<Refusal> refuse(Why why, std::string code, std::string message) {
  return tl::unexpected(Refusal{why, std::move(code), std::move(message)});
}

tl::unexpected<Refusal> unknown(std::string message) {
  return refuse(Why::unknown, "UNAUTHORIZED", std::move(message));
}

tl::unexpected<Refusal> away(const Error& error) {
  return refuse(Why::away, std::string(to_string(error.code)), error.message);
}

tl::expected<void, Refusal> check_account(const store::AccountState& account) {
  if (!account.suspended_at) return {};
  return refuse(Why::forbidden, "ACCOUNT_SUSPENDED",
                "This account is suspended; ask whoever runs this service.");
}

}  // namespace

tl::expected<Principal, Refusal> Authenticator::authenticate(const Presented& presented) {
  if (!presented.authorization && presented.cookie) {
    auto principal = of_session(*presented.cookie);
    if (principal) principal->by_cookie = true;
    return principal;
  }
  if (!presented.authorization)
    return unknown("An API key is needed: Authorization: Bearer cadl_...");
  const auto token = bearer(*presented.authorization);
  // Two dots are an access token's, and no key has one.
  if (token && token->find('.') != token->npos) return of_session(*token);
  if (!token || !is_well_formed_key(*token))
    return unknown("The API key is malformed; was it copied completely?");
  return of_key(*token, presented.remote);
}

tl::expected<Principal, Refusal> Authenticator::of_key(std::string_view raw,
                                                       std::string_view remote) {
  auto key = keys_.find_by_hash(hash_api_key(raw));
  const store::UnixMs now = clock_();
  if (!key && key.error().code != ErrorCode::not_found) return away(key.error());
  if (!key || key->revoked_at || (key->expires_at && *key->expires_at <= now))
    return unknown("The API key is not valid.");
  if (auto good = check_account(key->account); !good) return tl::unexpected(good.error());
  if (!allows(key->allowed_networks, remote))
    return refuse(Why::forbidden, "FORBIDDEN", "This API key may not be used from this address.");
  note_use(*key, now);
  return Principal{.key_id = key->id,
                   .account_id = key->account_id,
                   .family = key->family,
                   .scopes = key->scopes,
                   .result_schema = key->result_schema,
                   .account = key->account};
}

tl::expected<Principal, Refusal> Authenticator::of_session(std::string_view token) {
  const auto claims = tokens_.verify(token);
  if (!claims && claims.error().code != ErrorCode::integrity) return away(claims.error());
  if (!claims) return unknown("The access token is not valid; sign in or refresh it.");
  // The token lives on when its session has ended; the session's row does not.
  const auto session = sessions_.find(claims->session_id, clock_());
  if (!session && session.error().code != ErrorCode::not_found) return away(session.error());
  if (!session || session->account_id != claims->account_id)
    return unknown("The session has ended; sign in again.");
  if (auto good = check_account(session->account); !good) return tl::unexpected(good.error());
  return Principal{.key_id = session->dashboard_key,
                   .account_id = session->account_id,
                   .family = session->dashboard_key,
                   .session_id = session->id,
                   .account = session->account};
}

void Authenticator::note_use(const store::ApiKey& key, store::UnixMs now) {
  {
    const std::lock_guard lock(mutex_);
    if (noted_.size() > kMaxNoted) noted_.clear();
    auto& last = noted_[key.id];
    if (last != 0 && now - last < kNoteEvery) return;
    last = now;
  }
  (void)keys_.touch(key.id, now);  // a failure here must not refuse the request
}

}  // namespace cad::auth
