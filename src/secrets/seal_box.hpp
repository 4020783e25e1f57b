// SPDX-License-Identifier: Apache-2.0
// Small texts that the service must be able to read again (signing secrets, keys, profiles), sealed
// for the database: AES-256-GCM under a key derived from the master key.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/bytes.hpp"
#include "secrets/key_ring.hpp"

namespace cad::secrets {

// One use a box: what is sealed for one opens in no other.
struct SealUse {
  std::string_view key_info;  // of the derivation
  std::string_view thing;     // "webhook secret", for messages and the binding
};
inline constexpr SealUse kWebhookSecrets{"webhook secrets, version 1", "webhook secret"};
inline constexpr SealUse kSessionKeys{"session keys, version 1", "session key"};
inline constexpr SealUse kProfiles{"profiles, version 1", "profile"};

class SealBox {
 public:
  // Follows a rotation: the ring's first key seals, what its older ones sealed still opens.
  SealBox(std::shared_ptr<KeySource> masters, SealUse use)
      : masters_(std::move(masters)), use_(use) {}

  // The text names the key by its id, and is bound to its owner: it opens for no other.
  Result<std::string> seal(std::string_view plain, std::string_view owner) const;
  // INTEGRITY: damaged, another owner's or use's, or of an unknown master key.
  Result<std::string> open(std::string_view sealed, std::string_view owner) const;
  // Is it sealed under the current key?
  bool is_current(std::string_view sealed) const;

 private:
  struct Key {
    std::string id;
    crypto::Key256 key;
  };
  Key derive(RawKey master) const;
  std::string bound_to(std::string_view owner) const;

  std::shared_ptr<KeySource> masters_;
  SealUse use_;
};

}  // namespace cad::secrets
