// SPDX-License-Identifier: Apache-2.0
#include "app/key_admin.hpp"

#include "accounts/keys.hpp"
#include "app/admin_database.hpp"
#include "app/audit_admin.hpp"
#include "app/new_key.hpp"
#include "crypto/bytes.hpp"
#include "jobs/result.hpp"
#include "store/repositories.hpp"

namespace cad::app {
namespace {

constexpr std::size_t kMostNameBytes = 200;
constexpr store::UnixMs kHour = 3'600'000;
constexpr std::int64_t kMostDays = 36'500;

}  // namespace

Result<std::string> add_key(const std::string& data, const WantedKey& wanted, store::UnixMs now) {
  if (wanted.account.empty() || wanted.account.size() > kMostNameBytes)
    return fail(ErrorCode::invalid_argument, "The name of an account has 1 to 200 bytes.");
  if (wanted.days && (*wanted.days < 1 || *wanted.days > kMostDays))
    return fail(ErrorCode::invalid_argument, "A key expires after 1 to 36500 days, or never.");
  if (!wanted.result_schema.empty() && !jobs::parse_result_schema(wanted.result_schema))
    return fail(ErrorCode::invalid_argument, "\"" + wanted.result_schema +
                                                 "\" is no shape of the result; there are: 2.0.0 "
                                                 "and 2024-01.");
  accounts::WantedKey key{wanted.key_name, wanted.label, wanted.scopes, wanted.networks, {}};
  if (!wanted.result_schema.empty()) key.result_schema = wanted.result_schema;
  if (wanted.days) key.expires_at = now + *wanted.days * 24 * kHour;
  const auth::NewKey made = auth::make_api_key();
  CAD_ASSIGN(store::ApiKey record, accounts::record_of(key, made, "", now));
  CAD_ASSIGN(const auto database, open_database(data, now));
  CAD_ASSIGN(const auto audit, open_audit(data, *database, now));
  store::KeyRepository keys(*database);
  CAD_ASSIGN(auto account, keys.find_account(wanted.account));
  if (!account) {
    account = "acc_" + crypto::random_hex(12);
    CAD_TRY(keys.insert_account(*account, wanted.account, now));
    CAD_TRY(note(*audit, "account.created", *account, {}));
  }
  record.account_id = *account;
  CAD_ASSIGN(KeyFile file, KeyFile::write(wanted.key_file, made));
  CAD_TRY(keys.insert(record));
  CAD_TRY(note(*audit, "key.created", *account, {{"key", record.id}, {"scopes", record.scopes}}));
  CAD_TRY(file.hand_over());
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
  CAD_ASSIGN(const auto audit, open_audit(data, *database, now));
  store::KeyRepository keys(*database);
  CAD_ASSIGN(const store::ApiKey key, keys.find(id));
  CAD_ASSIGN(const bool revoked, keys.revoke(id, now));
  if (!revoked) return fail(ErrorCode::conflict, "The key " + id + " was revoked before.");
  return note(*audit, "key.revoked", key.account_id, {{"key", id}});
}

Result<std::string> rotate_key(const std::string& data, const Replacement& wanted,
                               store::UnixMs now) {
  CAD_ASSIGN(const auto database, open_database(data, now));
  CAD_ASSIGN(const auto audit, open_audit(data, *database, now));
  store::KeyRepository keys(*database);
  CAD_ASSIGN(const store::ApiKey old, keys.find(wanted.id));
  if (wanted.old_hours && *wanted.old_hours < 0)
    return fail(ErrorCode::invalid_argument, "The old key works on for 0 hours or more.");
  const auth::NewKey made = auth::make_api_key();
  CAD_ASSIGN(const store::ApiKey key, accounts::replacement_of(old, made, now));
  CAD_ASSIGN(KeyFile file, KeyFile::write(wanted.key_file, made));
  std::optional<store::UnixMs> until;
  if (wanted.old_hours) until = now + *wanted.old_hours * kHour;
  CAD_TRY(accounts::replace_key(*database, old, key, until));
  CAD_TRY(note(*audit, "key.rotated", key.account_id, {{"key", key.id}, {"replaces", old.id}}));
  CAD_TRY(file.hand_over());
  return made.raw;
}

}  // namespace cad::app
