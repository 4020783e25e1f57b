// SPDX-License-Identifier: Apache-2.0
// Short secrets as text that a database may hold: AES-256-GCM under a key derived from the master
// key for one use alone.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/bytes.hpp"
#include "secrets/key_ring.hpp"

namespace cad::secrets {

// Never edited once something was sealed for the use.
struct SealedUse {
  std::string_view key_info;  // makes the use's key another one: "webhook secrets, version 1"
  std::string_view bound_to;  // before the owner in what is authenticated
  std::string_view name;      // in messages: "webhook secret"
};

// The text names the key by its id, and is bound to its owner: it opens nowhere else.
class SealedBox {
 public:
  // Follows a rotation: the ring's first key seals, what its older ones sealed still opens.
  SealedBox(std::shared_ptr<KeySource> masters, const SealedUse& use)
      : masters_(std::move(masters)), use_(use) {}

  Result<std::string> seal(std::string_view secret, std::string_view owner) const;
  // INTEGRITY: damaged, another owner's, or of an unknown master key.
  Result<std::string> open(std::string_view sealed, std::string_view owner) const;
  // Is it sealed under the current key?
  bool is_current(std::string_view sealed) const;

 private:
  struct Key {
    std::string id;
    crypto::Key256 key;
  };
  Key derive(RawKey master) const;
  std::string associated(std::string_view owner) const;

  std::shared_ptr<KeySource> masters_;
  SealedUse use_;
};

}  // namespace cad::secrets
