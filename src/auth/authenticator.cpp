// SPDX-License-Identifier: Apache-2.0
#include "auth/authenticator.hpp"

#include "auth/allowed_networks.hpp"
#include "auth/api_key.hpp"

namespace cad::auth {
namespace {

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

}  // namespace

std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::parse: return "parse";
    case Scope::read: return "jobs:read";
    case Scope::remove: return "jobs:delete";
  }
  return "";
}

std::string all_scopes() {
  std::string out;
  for (const Scope scope : {Scope::parse, Scope::read, Scope::remove}) {
    if (!out.empty()) out += ' ';
    out += to_string(scope);
  }
  return out;
}

bool Principal::has(Scope scope) const {
  const std::string padded = ' ' + scopes + ' ';
  return padded.find(' ' + std::string(to_string(scope)) + ' ') != std::string::npos;
}

Result<Principal> Authenticator::authenticate(std::optional<std::string_view> authorization,
                                              std::string_view remote) {
  if (!authorization)
    return fail(ErrorCode::not_found, "An API key is needed: Authorization: Bearer cadl_...");
  const auto token = bearer(*authorization);
  if (!token || !is_well_formed_key(*token))
    return fail(ErrorCode::not_found, "The API key is malformed; was it copied completely?");
  auto key = keys_.find_by_hash(hash_api_key(*token));
  const store::UnixMs now = clock_();
  if (!key && key.error().code != ErrorCode::not_found) return tl::unexpected(key.error());
  if (!key || key->revoked_at || (key->expires_at && *key->expires_at <= now))
    return fail(ErrorCode::not_found, "The API key is not valid.");
  if (!allows(key->allowed_networks, remote))
    return fail(ErrorCode::conflict, "This API key may not be used from this address.");
  note_use(*key, now);
  return Principal{key->id, key->account_id, key->family, key->scopes, key->result_schema};
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
