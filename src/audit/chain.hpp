// SPDX-License-Identifier: Apache-2.0
// How the entries hang together, and whether they do.
//
// hash = HMAC(key, the entry's fields and `previous`); `previous` = SHA-256 over the fields and the
// hash of the entry before. So the links can be followed without a key, and one signature that can
// be checked vouches for everything before it, also for entries whose own key is dropped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "secrets/key_ring.hpp"
#include "store/audit.hpp"

namespace cad::audit {

// What the entry after `row` has as `previous`; the first one has that of nothing.
std::string link_after(const std::optional<store::AuditRow>& row);
// Fills in key_id and hash.
void sign(store::AuditRow& row, const secrets::RingKey& master);

struct Checked {
  std::int64_t entries = 0;  // that are in order
  std::string head;          // hash of the last of them
  // The first entry that is not as it was written, or missing, and why.
  std::optional<std::int64_t> broken;
  std::string fault;
  // Entries at the end whose master key is not in the ring: they hang together, but nothing vouches
  // for them.
  std::int64_t unproven = 0;
};
Result<Checked> verify(store::Database& database, const secrets::KeyRing& ring);

}  // namespace cad::audit
