// SPDX-License-Identifier: Apache-2.0
// An account's registered receivers and their secrets, as their owner and the operator manage them.
#pragma once

#include <chrono>
#include <string>

#include "webhooks/secrets.hpp"

namespace cad::webhooks {

class Registered {
 public:
  Registered(store::Database& database, const SecretBox& box, std::string account)
      : endpoints_(database), box_(box), account_(std::move(account)) {}

  struct Added {
    store::Endpoint endpoint;
    std::string secret;
  };
  // The URL is held to its form only: where it leads is judged at each delivery. CONFLICT: the
  // account has it already.
  Result<Added> add(const std::string& url, bool is_default, store::UnixMs now);
  // NOT_FOUND also for another account's.
  Result<store::Endpoint> find(const std::string& id);

  // These two: an endpoint's secret; for an empty id the account's, which signs for URLs that are
  // registered nowhere.
  Result<std::string> secret(const std::string& id);
  // The new one; the old one signs beside it for `overlap`.
  Result<std::string> rotate_secret(const std::string& id, std::chrono::milliseconds overlap,
                                    store::UnixMs now);

 private:
  struct Owned {
    std::string owner;
    store::SealedSecrets sealed;
  };
  Result<Owned> secrets_of(const std::string& id);

  store::EndpointRepository endpoints_;
  const SecretBox& box_;
  std::string account_;
};

}  // namespace cad::webhooks
