// SPDX-License-Identifier: Apache-2.0
// What most tests begin with.
#pragma once

#include "store/repositories.hpp"

namespace cad::store {

// The key's account, under the key's name, and the key.
inline Result<void> add_account_of(Database& database, const ApiKey& key) {
  KeyRepository keys(database);
  CAD_TRY(keys.insert_account(key.account_id, key.name, key.created_at));
  return keys.insert(key);
}

}  // namespace cad::store
