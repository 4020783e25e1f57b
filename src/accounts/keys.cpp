// SPDX-License-Identifier: Apache-2.0
#include "accounts/keys.hpp"

#include "auth/allowed_networks.hpp"
#include "auth/principal.hpp"
#include "crypto/bytes.hpp"

namespace cad::accounts {
namespace {

using Kind = Problem::Kind;

constexpr std::size_t kMostNameBytes = 200;
constexpr std::int64_t kMostKeys = 200;  // of one account, that still work

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

store::ApiKey blank_record(const auth::NewKey& made, store::UnixMs now) {
  store::ApiKey key;
  key.id = "key_" + crypto::random_hex(12);
  key.prefix = made.prefix;
  key.hash = made.hash;
  key.created_at = now;
  return key;
}

Outcome<store::ApiKey> find_own(store::KeyRepository& keys, const std::string& account_id,
                                const std::string& key_id) {
  const auto key = keys.find(key_id);
  if (!key && key.error().code != ErrorCode::not_found) return tl::unexpected(Problem(key.error()));
  if (!key || key->account_id != account_id || key->is_dashboard)
    return problem(Kind::missing, "NOT_FOUND", "There is no such API key.");
  return *key;
}

tl::unexpected<Problem> too_many() {
  return problem(Kind::conflict, "TOO_MANY_KEYS",
                 "An account has at most 200 keys that work; revoke one.");
}

}  // namespace

Result<store::ApiKey> record_of(const WantedKey& wanted, const auth::NewKey& made,
                                const std::string& account_id, store::UnixMs now) {
  const std::string networks = joined(wanted.networks);
  if (wanted.name.size() > kMostNameBytes || wanted.label.size() > kMostNameBytes)
    return fail(ErrorCode::invalid_argument, "Names and labels of keys have at most 200 bytes.");
  CAD_TRY(auth::check_networks(networks));
  if (wanted.expires_at && *wanted.expires_at <= now)
    return fail(ErrorCode::invalid_argument, "A key cannot expire in the past.");
  store::ApiKey key = blank_record(made, now);
  key.account_id = account_id;
  key.name = wanted.name;
  key.label = wanted.label;
  CAD_ASSIGN(key.scopes, auth::check_scopes(wanted.scopes));
  key.allowed_networks = networks;
  key.expires_at = wanted.expires_at;
  key.result_schema = wanted.result_schema;
  return key;
}

Result<store::ApiKey> replacement_of(const store::ApiKey& old, const auth::NewKey& made,
                                     store::UnixMs now) {
  if (old.revoked_at)
    return fail(ErrorCode::conflict, "The key " + old.id + " is revoked; make a new one.");
  store::ApiKey key = blank_record(made, now);
  key.account_id = old.account_id;
  key.name = old.name;
  key.label = old.label;
  key.scopes = old.scopes;
  key.allowed_networks = old.allowed_networks;
  key.family = old.family;
  key.generation = old.generation + 1;
  key.result_schema = old.result_schema;
  if (old.expires_at) key.expires_at = now + (*old.expires_at - old.created_at);
  return key;
}

Result<bool> replace_key(store::Database& database, const store::ApiKey& old,
                         const store::ApiKey& replacement, std::optional<store::UnixMs> old_until,
                         std::optional<std::int64_t> most) {
  const auto done = store::KeyRepository(database).replace(old, replacement, old_until, most);
  if (!done && done.error().code == ErrorCode::conflict)
    return fail(ErrorCode::conflict,
                "The key " + old.id + " was replaced before; replace the newest of its family.");
  return done;
}

Outcome<MadeKey> create_key(store::Database& database, const std::string& account_id,
                            const WantedKey& wanted, store::UnixMs now) {
  const auth::NewKey made = auth::make_api_key();
  CAD_ASSIGN(store::ApiKey key, record_of(wanted, made, account_id, now));
  CAD_ASSIGN(const bool room, store::KeyRepository(database).insert_within(key, kMostKeys));
  if (!room) return too_many();
  return MadeKey{std::move(key), made.raw};
}

Outcome<MadeKey> rotate_key(store::Database& database, const std::string& account_id,
                            const std::string& key_id, std::optional<store::UnixMs> old_until,
                            store::UnixMs now) {
  store::KeyRepository keys(database);
  const auto old = find_own(keys, account_id, key_id);
  if (!old) return tl::unexpected(old.error());
  const auth::NewKey made = auth::make_api_key();
  const auto key = replacement_of(*old, made, now);
  const auto done = key ? replace_key(database, *old, *key, old_until, kMostKeys)
                        : Result<bool>(tl::unexpected(key.error()));
  if (!done && done.error().code == ErrorCode::conflict)
    return problem(Kind::conflict, "KEY_REPLACED", done.error().message);
  CAD_TRY(done);
  if (!*done) return too_many();
  return MadeKey{*key, made.raw};
}

Outcome<void> revoke_key(store::Database& database, const std::string& account_id,
                         const std::string& key_id, store::UnixMs now) {
  store::KeyRepository keys(database);
  const auto key = find_own(keys, account_id, key_id);
  if (!key) return tl::unexpected(key.error());
  CAD_TRY(keys.revoke(key_id, now));
  return {};
}

}  // namespace cad::accounts
