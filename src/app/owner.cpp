// SPDX-License-Identifier: Apache-2.0
#include "app/owner.hpp"

#include <filesystem>

#include "accounts/first_sign_in.hpp"
#include "accounts/keys.hpp"
#include "app/new_key.hpp"
#include "auth/principal.hpp"
#include "crypto/bytes.hpp"
#include "disk/new_file.hpp"

namespace cad::app {

Result<std::optional<std::string>> ensure_owner(store::Database& database,
                                                const std::string& key_file, audit::Log& audit,
                                                store::UnixMs now) {
  store::KeyRepository keys(database);
  CAD_ASSIGN(const bool any, keys.any_account());
  if (any) return std::optional<std::string>();
  const auth::NewKey made = auth::make_api_key();
  CAD_ASSIGN(KeyFile file, KeyFile::write(key_file, made));
  CAD_ASSIGN(
      const store::ApiKey key,
      accounts::record_of({std::string(accounts::kOwnerAccount), "", auth::all_scopes(), {}, {}},
                          made, "acc_" + crypto::random_hex(12), now));
  CAD_ASSIGN(const bool first, keys.insert_first(key));
  if (!first) return std::optional<std::string>();  // another node was faster
  CAD_TRY(
      audit.append({.name = "account.created", .account_id = key.account_id, .actor = "service"}));
  CAD_TRY(audit.append({.name = "key.created",
                        .account_id = key.account_id,
                        .actor = "service",
                        .detail = {{"key", key.id}, {"scopes", key.scopes}}}));
  CAD_TRY(file.hand_over());
  return std::optional(made.raw);
}

namespace {

Result<std::string> owner_account(store::Database& database) {
  CAD_ASSIGN(const auto id, store::KeyRepository(database).find_account(accounts::kOwnerAccount));
  if (!id) return fail(ErrorCode::not_found, "The owner's account has been deleted.");
  return *id;
}

}  // namespace

Result<std::string> make_owner_link(store::Database& database, const std::string& base_url,
                                    audit::Log& audit, const std::string& actor,
                                    store::UnixMs now) {
  CAD_ASSIGN(const std::string account, owner_account(database));
  CAD_TRY(audit.append({.name = "signin.link_made", .account_id = account, .actor = actor}));
  CAD_ASSIGN(const std::string token, accounts::make_sign_in_link(database, account, now));
  return accounts::welcome_link(base_url, token);
}

Result<bool> offer_owner_link(store::Database& database, const std::string& file,
                              const std::string& base_url, audit::Log& audit, store::UnixMs now) {
  CAD_ASSIGN(const std::string account, owner_account(database));
  CAD_ASSIGN(const bool another_way, accounts::has_way_in(database, account));
  if (another_way) {
    std::error_code none_to_remove;
    std::filesystem::remove(file, none_to_remove);
    return false;
  }
  CAD_ASSIGN(const std::string link, make_owner_link(database, base_url, audit, "service", now));
  CAD_ASSIGN(auto written,
             disk::NewFile::write(file, link + "\n", disk::NewFile::Mode::owner_only));
  CAD_TRY(written.replace());
  return true;
}

}  // namespace cad::app
