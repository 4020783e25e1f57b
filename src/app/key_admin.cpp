// SPDX-License-Identifier: Apache-2.0
#include "app/key_admin.hpp"

#include <unistd.h>

#include <algorithm>
#include <memory>

#include "app/new_key.hpp"
#include "auth/allowed_networks.hpp"
#include "auth/authenticator.hpp"
#include "crypto/bytes.hpp"
#include "jobs/result.hpp"
#include "store/repositories.hpp"

namespace cad::app {
namespace {

constexpr std::size_t kMostNameBytes = 200;
constexpr store::UnixMs kHour = 3'600'000;
constexpr std::int64_t kMostDays = 36'500;

// Words of all_scopes(), separated by single blanks.
Result<void> check_scopes(std::string_view scopes) {
  const std::string known = " " + auth::all_scopes() + " ";
  while (!scopes.empty()) {
    const std::string word(scopes.substr(0, scopes.find(' ')));
    if (word.empty() || known.find(" " + word + " ") == std::string::npos)
      return fail(ErrorCode::invalid_argument,
                  "\"" + word + "\" is no scope; there are: " + auth::all_scopes() + ".");
    scopes.remove_prefix(std::min(word.size() + 1, scopes.size()));
  }
  return {};
}

Result<void> check_names(const WantedKey& wanted) {
  if (wanted.account.empty() || wanted.account.size() > kMostNameBytes ||
      wanted.key_name.size() > kMostNameBytes || wanted.label.size() > kMostNameBytes)
    return fail(ErrorCode::invalid_argument,
                "Names of accounts and keys have 1 to 200 bytes, labels at most 200.");
  return {};
}

Result<std::string> check_result_schema(const std::string& text) {
  if (text.empty()) return std::string(jobs::to_string(jobs::ResultSchema::v2_0_0));
  if (jobs::parse_result_schema(text)) return text;
  return fail(ErrorCode::invalid_argument,
              "\"" + text + "\" is no shape of the result; there are: 2.0.0 and 2024-01.");
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

Result<std::unique_ptr<store::Database>> open_database(const std::string& data, store::UnixMs now) {
  const std::string path = data + "/cadlens.db";
  if (::access(path.c_str(), F_OK) != 0)
    return fail(ErrorCode::not_found, "There is no database in " + data +
                                          "; start the service once, or name its folder with "
                                          "--data.");
  CAD_ASSIGN(auto database, store::open_sqlite(path));
  CAD_TRY(store::migrate(*database, now));
  return database;
}

}  // namespace

Result<std::string> add_key(const std::string& data, const WantedKey& wanted, store::UnixMs now) {
  CAD_TRY(check_names(wanted));
  CAD_TRY(check_scopes(wanted.scopes));
  CAD_ASSIGN(const std::string result_schema, check_result_schema(wanted.result_schema));
  const std::string networks = joined(wanted.networks);
  CAD_TRY(auth::check_networks(networks));
  if (wanted.days && (*wanted.days < 1 || *wanted.days > kMostDays))
    return fail(ErrorCode::invalid_argument, "A key expires after 1 to 36500 days, or never.");
  CAD_ASSIGN(const auto database, open_database(data, now));
  store::KeyRepository keys(*database);
  CAD_ASSIGN(auto account, keys.find_account(wanted.account));
  if (!account) {
    account = "acc_" + crypto::random_hex(12);
    CAD_TRY(keys.insert_account(*account, wanted.account, now));
  }
  const auth::NewKey made = auth::make_api_key();
  if (!wanted.key_file.empty()) CAD_TRY(write_private(wanted.key_file, made.raw + "\n"));
  store::ApiKey key = record_of(made, now);
  key.account_id = *account;
  key.name = wanted.key_name;
  key.label = wanted.label;
  key.scopes = wanted.scopes.empty() ? auth::all_scopes() : wanted.scopes;
  key.allowed_networks = networks;
  key.result_schema = result_schema;
  if (wanted.days) key.expires_at = now + *wanted.days * 24 * kHour;
  CAD_TRY(keys.insert(key));
  return made.raw;
}

Result<std::vector<store::ApiKey>> list_keys(const std::string& data,
                                             const std::optional<std::string>& account,
                                             store::UnixMs now) {
  CAD_ASSIGN(const auto database, open_database(data, now));
  store::KeyRepository keys(*database);
  if (!account) return keys.list({});
  CAD_ASSIGN(const auto id, keys.find_account(*account));
  if (!id) return fail(ErrorCode::not_found, "There is no account \"" + *account + "\".");
  return keys.list(id);
}

Result<void> revoke_key(const std::string& data, const std::string& id, store::UnixMs now) {
  CAD_ASSIGN(const auto database, open_database(data, now));
  store::KeyRepository keys(*database);
  CAD_TRY(keys.find(id));
  CAD_ASSIGN(const bool revoked, keys.revoke(id, now));
  if (!revoked) return fail(ErrorCode::conflict, "The key " + id + " was revoked before.");
  return {};
}

Result<std::string> rotate_key(const std::string& data, const Replacement& wanted,
                               store::UnixMs now) {
  CAD_ASSIGN(const auto database, open_database(data, now));
  store::KeyRepository keys(*database);
  CAD_ASSIGN(const store::ApiKey old, keys.find(wanted.id));
  if (old.revoked_at)
    return fail(ErrorCode::conflict, "The key " + old.id + " is revoked; make a new one.");
  if (wanted.old_hours && *wanted.old_hours < 0)
    return fail(ErrorCode::invalid_argument, "The old key works on for 0 hours or more.");
  const auth::NewKey made = auth::make_api_key();
  store::ApiKey key = record_of(made, now);
  key.account_id = old.account_id;
  key.name = old.name;
  key.label = old.label;
  key.scopes = old.scopes;
  key.allowed_networks = old.allowed_networks;
  key.family = old.family;
  key.generation = old.generation + 1;
  key.result_schema = old.result_schema;
  // It lives as long as the old one was to live.
  if (old.expires_at) key.expires_at = now + (*old.expires_at - old.created_at);
  if (!wanted.key_file.empty()) CAD_TRY(write_private(wanted.key_file, made.raw + "\n"));
  std::optional<store::UnixMs> until;
  if (wanted.old_hours) until = now + *wanted.old_hours * kHour;
  const auto done = keys.replace(old, key, until);
  if (!done && done.error().code == ErrorCode::conflict)
    return fail(ErrorCode::conflict,
                "The key " + old.id + " was replaced before; replace the newest of its family.");
  if (!done) return tl::unexpected(done.error());
  return made.raw;
}

}  // namespace cad::app
