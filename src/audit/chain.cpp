// SPDX-License-Identifier: Apache-2.0
#include "audit/chain.hpp"

#include "crypto/hash.hpp"

namespace cad::audit {
namespace {

constexpr std::int64_t kAtOnce = 1000;

// Lengths before texts, so that no two entries give the same bytes.
std::string signed_text(const store::AuditRow& row) {
  std::string text = "cadlens audit 1";
  for (const std::string& field :
       {std::to_string(row.seq), std::to_string(row.at), row.account_id, row.actor, row.event,
        row.address, row.detail, row.key_id, row.previous})
    text += "\n" + std::to_string(field.size()) + ":" + field;
  return text;
}

std::string hash_of(const store::AuditRow& row, const secrets::RingKey& master) {
  std::string key =
      crypto::hkdf_sha256(master.bytes(), "cadlens", "audit log, version 1", secrets::kKeyBytes);
  const crypto::Digest digest = crypto::hmac_sha256(key, signed_text(row));
  wipe_memory(std::as_writable_bytes(std::span(key.data(), key.size())));
  return crypto::to_hex(crypto::as_bytes(digest));
}

const secrets::RingKey* key_of(const store::AuditRow& row, const secrets::KeyRing& ring) {
  for (const secrets::RingKey& key : ring.keys())
    if (secrets::id_text(key.id) == row.key_id) return &key;
  return nullptr;
}

// What is wrong with the row at its place; empty: nothing.
std::string fault_of(const store::AuditRow& row, std::int64_t expected, const std::string& link,
                     const secrets::RingKey* key) {
  if (row.seq != expected) return "it is missing";
  if (row.previous != link) return "it does not follow the entry before it";
  if (key != nullptr && !crypto::equal_in_constant_time(row.hash, hash_of(row, *key)))
    return "it is not as it was written";
  return "";
}

}  // namespace

std::string link_after(const std::optional<store::AuditRow>& row) {
  return crypto::sha256_hex(row ? signed_text(*row) + "\n" + row->hash : std::string());
}

void sign(store::AuditRow& row, const secrets::RingKey& master) {
  row.key_id = secrets::id_text(master.id);
  row.hash = hash_of(row, master);
}

Result<Checked> verify(store::Database& database, const secrets::KeyRing& ring) {
  store::AuditRepository rows(database);
  Checked out;
  std::string link = link_after({});
  bool proven = false;
  while (true) {
    CAD_ASSIGN(const auto page, rows.after(out.entries, kAtOnce));
    for (const store::AuditRow& row : page) {
      const secrets::RingKey* key = key_of(row, ring);
      out.fault = fault_of(row, out.entries + 1, link, key);
      // Only what is older than every key of the ring may be under another.
      if (out.fault.empty() && key != nullptr && proven && out.unproven > 0)
        out.fault = "it follows entries that nothing vouches for";
      proven = proven || key != nullptr;
      if (!out.fault.empty()) {
        out.broken = out.entries + 1;
        return out;
      }
      out.entries = row.seq;
      out.head = row.hash;
      out.unproven = key != nullptr ? 0 : out.unproven + 1;
      link = link_after(row);
    }
    if (static_cast<std::int64_t>(page.size()) < kAtOnce) return out;
  }
}

}  // namespace cad::audit
