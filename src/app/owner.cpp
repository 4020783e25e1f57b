// SPDX-License-Identifier: Apache-2.0
#include "app/owner.hpp"

#include "accounts/keys.hpp"
#include "app/new_key.hpp"
#include "auth/principal.hpp"
#include "crypto/bytes.hpp"

namespace cad::app {

Result<std::optional<std::string>> ensure_owner(store::Database& database,
                                                const std::string& key_file, audit::Log& audit,
                                                store::UnixMs now) {
  store::KeyRepository keys(database);
  CAD_ASSIGN(const bool any, keys.any_account());
  if (any) return std::optional<std::string>();
  const auth::NewKey made = auth::make_api_key();
  CAD_ASSIGN(KeyFile file, KeyFile::write(key_file, made));
  CAD_ASSIGN(const store::ApiKey key,
             accounts::record_of({"owner", "", auth::all_scopes(), {}, {}}, made,
                                 "acc_" + crypto::random_hex(12), now));
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

}  // namespace cad::app
