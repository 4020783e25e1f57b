// SPDX-License-Identifier: Apache-2.0
// Who an account is at another service. An identity is (issuer, subject) and nothing else: names
// and mail addresses change hands.
#pragma once

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

struct LinkedIdentity {
  std::string issuer, subject;
  std::string account_id;
  std::string provider;              // "google", "github"
  std::optional<std::string> email;  // as the provider had verified it when it was linked
  UnixMs created_at = 0;
};

class IdentityRepository {
 public:
  explicit IdentityRepository(Database& database) : database_(database) {}

  Result<std::optional<LinkedIdentity>> find(std::string_view issuer, std::string_view subject);
  // CONFLICT: the identity is some account's already, or there is no such account.
  Result<void> insert(const LinkedIdentity& identity);
  // In a transaction of the caller's, with the account it makes.
  static Result<void> insert(Session& session, const LinkedIdentity& identity);
  // Oldest first.
  Result<std::vector<LinkedIdentity>> of_account(std::string_view account_id);
  // All that the account has at the provider; how many that were. CONFLICT: it would leave its user
  // no way to sign in.
  Result<std::int64_t> remove(std::string_view account_id, std::string_view provider);

 private:
  Database& database_;
};

}  // namespace cad::store
