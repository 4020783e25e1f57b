// SPDX-License-Identifier: Apache-2.0
// The rows of the audit log. The database refuses to change or remove them; what they mean and how
// they hang together is the business of audit/.
#pragma once

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

struct AuditRow {
  std::int64_t seq = 0;  // from 1, without gaps
  UnixMs at = 0;
  std::string account_id;  // empty: of no account
  std::string actor;       // a key, an account, "operator" ...
  std::string event;       // "key.created"
  std::string address;     // of who did it; empty: on this machine
  std::string detail;      // JSON
  std::string key_id;      // which master key the hash is of
  std::string previous, hash;
};

class AuditRepository {
 public:
  explicit AuditRepository(Database& database) : database_(database) {}

  Result<std::optional<AuditRow>> last();
  // The row that follows the last one, which nobody else can do at the same time. `make` may be
  // called more than once.
  using Make = std::function<AuditRow(const std::optional<AuditRow>& last)>;
  Result<void> append_after(const Make& make);
  Result<void> append(const AuditRow& row);  // CONFLICT: its place is taken
  // In the order of seq, from the one after `seq`.
  Result<std::vector<AuditRow>> after(std::int64_t seq, std::int64_t limit);
  Result<std::vector<AuditRow>> newest(const std::optional<std::string>& account_id,
                                       std::int64_t limit);

 private:
  Database& database_;
};

}  // namespace cad::store
