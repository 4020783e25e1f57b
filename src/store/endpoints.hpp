// SPDX-License-Identifier: Apache-2.0
// Registered webhook receivers and the secrets that sign what they get. A secret is stored sealed:
// the text here is worthless without the master key.
#pragma once

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

// The current secret, and during a rotation the one before it.
struct SealedSecrets {
  std::string secret;
  std::optional<std::string> old_secret;
  std::optional<UnixMs> old_secret_until;
};

struct Endpoint {
  std::string id, account_id, url;
  SealedSecrets secrets;
  bool is_active = true, is_default = false;
  UnixMs created_at = 0;
  std::optional<UnixMs> disabled_at;
  std::optional<std::string> disabled_reason;
};

class EndpointRepository {
 public:
  explicit EndpointRepository(Database& database) : database_(database) {}

  // One default an account: a new one takes its place. CONFLICT: the account has the URL already.
  Result<void> insert(const Endpoint& endpoint);
  Result<std::vector<Endpoint>> list(std::string_view account_id);
  Result<Endpoint> find(std::string_view id);  // NOT_FOUND
  Result<std::optional<Endpoint>> find_by_url(std::string_view account_id, std::string_view url);
  Result<bool> remove(std::string_view id);
  // False: there is no such endpoint, or a disabled one was to be disabled.
  Result<bool> enable(std::string_view id);
  Result<bool> disable(std::string_view id, std::string_view reason, UnixMs now);
  Result<bool> set_url(std::string_view id, std::string_view url);  // CONFLICT as insert()
  Result<bool> make_default(std::string_view id, bool is_default);
  Result<bool> set_secrets(std::string_view id, const SealedSecrets& secrets);

  // The account's secret for URLs that are registered nowhere; `made` is stored if there is none.
  Result<SealedSecrets> account_secrets(std::string_view account_id, std::string_view made);
  Result<void> set_account_secrets(std::string_view account_id, const SealedSecrets& secrets);

  // The accounts, oldest first: the first one is the owner's.
  Result<std::vector<std::string>> accounts();

 private:
  Database& database_;
};

}  // namespace cad::store
