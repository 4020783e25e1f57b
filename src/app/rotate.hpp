// SPDX-License-Identifier: Apache-2.0
// Rotations of the service's own keys, by its operator.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace cad::app {

struct MasterRotationOptions {
  std::string data;
  bool present_key = false;  // no new key: only wrap what is under older ones anew
  bool drop_old = false;     // at the end, remove the older keys
  std::function<bool(std::size_t)> go_on = {};  // see ManagedStore::rewrap_all()
};
struct MasterRotation {
  std::string key_id;
  std::size_t objects = 0, rewrapped = 0, old_keys = 0;
};
// Works beside a running server when the key is in a file: the server follows the file. A key in
// CADLENS_MASTER_KEY itself: the server must be stopped. CONFLICT: that, another rotation or backup
// at work, or older keys that are still needed. Stopped anywhere, nothing is lost; run it again.
Result<MasterRotation> rotate_master_key(const MasterRotationOptions& options);

struct MasterKeyFacts {
  std::string id;
  std::size_t objects = 0;
  bool present = false;  // in the ring
};
// The keys of the ring, the present one first, then those that objects need and that are missing.
Result<std::vector<MasterKeyFacts>> list_master_keys(const std::string& data);

struct SigningRotation {
  std::string key_id;
  std::size_t old_keys = 0;
};
// Keys that no URL can need any more are removed on the way.
Result<SigningRotation> rotate_signing_key(const std::string& data, std::int64_t now_seconds);

}  // namespace cad::app
