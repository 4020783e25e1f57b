// SPDX-License-Identifier: Apache-2.0
// What only one transaction on a database may do at a time, whichever node it is of. The statements
// after it see what the holder before has committed.
#pragma once

#include "store/database.hpp"

namespace cad::store {

inline Result<void> lock(Session& session, std::string_view name) {
  CAD_TRY(
      session.run("INSERT INTO locks (name, taken) VALUES ($1, 1)"
                  " ON CONFLICT (name) DO UPDATE SET taken = locks.taken + 1",
                  {std::string(name)}));
  return {};
}

// The same of things that there are many of, without a row for each; the transaction's end frees
// it. Names whose hashes meet wait for each other. Whoever holds several takes one of each kind at
// most, in the order of the kinds. SQLite's transactions are one after the other anyway.
enum class LockOf : std::int32_t { lane = 499031877, account_share };

inline Result<void> lock(Session& session, Dialect dialect, LockOf kind, std::string_view name) {
  if (dialect == Dialect::sqlite) return {};
  CAD_TRY(
      session.run("SELECT CAST(pg_advisory_xact_lock(CAST($1 AS INTEGER),"
                  " hashtext(current_schema() || '/' || $2)) AS TEXT)",
                  {static_cast<std::int64_t>(kind), std::string(name)}));
  return {};
}

// False: another transaction has it.
inline Result<bool> try_lock(Session& session, Dialect dialect, LockOf kind,
                             std::string_view name) {
  if (dialect == Dialect::sqlite) return true;
  CAD_ASSIGN(const Rows rows,
             session.run("SELECT CAST(pg_try_advisory_xact_lock(CAST($1 AS INTEGER),"
                         " hashtext(current_schema() || '/' || $2)) AS INTEGER)",
                         {static_cast<std::int64_t>(kind), std::string(name)}));
  return rows.rows.at(0).integer(0) != 0;
}

}  // namespace cad::store
