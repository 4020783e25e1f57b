// SPDX-License-Identifier: Apache-2.0
// Signing secrets: "whsec_" and base64 of 32 random bytes (Standard Webhooks). They must be
// readable to sign with, so they are stored sealed, not hashed.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "secrets/sealed_box.hpp"
#include "store/endpoints.hpp"

namespace cad::webhooks {

std::string make_secret();

// Owners are endpoints and accounts; the owner's id says which ("we_...", "acc_...").
class SecretBox : public secrets::SealedBox {
 public:
  explicit SecretBox(std::shared_ptr<secrets::KeySource> masters);
};

// What signs now: the secret, and in a rotation's overlap the one before it.
Result<std::vector<std::string>> open_secrets(const SecretBox& box,
                                              const store::SealedSecrets& sealed,
                                              std::string_view owner, store::UnixMs now);

// A new secret; the present one signs beside it until `overlap_until`.
struct Rotated {
  std::string secret;  // to be shown
  store::SealedSecrets sealed;
};
Result<Rotated> rotate(const SecretBox& box, const store::SealedSecrets& present,
                       std::string_view owner, store::UnixMs overlap_until);

// Seals every secret anew that is not under the current key; how many were. For after a rotation of
// the master key.
Result<std::int64_t> reseal_all(const SecretBox& box, store::Database& database);

}  // namespace cad::webhooks
