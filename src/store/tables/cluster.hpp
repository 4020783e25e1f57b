// SPDX-License-Identifier: Apache-2.0
// Migrations 10, 11, 13, 15 and 17: what many nodes on one database need.
#pragma once

#include <array>
#include <string_view>

namespace cad::store {

// Rows to hold for the length of a transaction (store/lock.hpp).
inline constexpr auto kLocks = std::to_array<std::string_view>({
    "CREATE TABLE locks (name TEXT NOT NULL PRIMARY KEY, taken {int} NOT NULL){strict}",
});

// What one of many nodes does for all, and what all agree on.
inline constexpr auto kDuties = std::to_array<std::string_view>({
    "CREATE TABLE facts (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL){strict}",
    "CREATE TABLE duties (name TEXT NOT NULL PRIMARY KEY, owner TEXT NOT NULL,"
    " lease_until {int} NOT NULL){strict}",
});

// For the statements of the hot path, however many jobs there are. Most of these hold only what is
// under way.
inline constexpr auto kHotPath = std::to_array<std::string_view>({
    "CREATE INDEX IF NOT EXISTS jobs_uploads ON jobs(created_at, id) WHERE upload_gone = 0",
    "CREATE INDEX IF NOT EXISTS jobs_leases ON jobs(lease_until) WHERE status = 'PROCESSING'",
    "CREATE INDEX IF NOT EXISTS jobs_of_key_in_state ON jobs(key_id, status, created_at, id)",
    "CREATE INDEX IF NOT EXISTS jobs_of_account_in_state"
    " ON jobs(account_id, status, created_at, id)",

    // By lane: whose turn it is. By time: when to look again. By lease: who is at it.
    "CREATE INDEX IF NOT EXISTS deliveries_lanes ON deliveries(lane, next_at, id)"
    " WHERE state = 'PENDING'",
    "CREATE INDEX IF NOT EXISTS deliveries_held ON deliveries(lane, lease_until)"
    " WHERE state = 'PENDING'",
    "CREATE INDEX IF NOT EXISTS deliveries_leased ON deliveries(lease_until, account_id)"
    " WHERE state = 'PENDING'",
    "CREATE INDEX IF NOT EXISTS deliveries_free ON deliveries(kind, next_at)"
    " WHERE state = 'PENDING' AND lease_until = 0",

    // Until when the session's newest refresh token works; 0: unknown.
    "ALTER TABLE sessions ADD COLUMN token_until {int} NOT NULL DEFAULT 0",
    "CREATE INDEX IF NOT EXISTS sessions_by_token ON sessions(token_until)",
    "CREATE INDEX IF NOT EXISTS registrations_by_age ON registrations(expires_at)",
    "CREATE INDEX IF NOT EXISTS account_tokens_by_age ON account_tokens(expires_at)",
    "CREATE INDEX IF NOT EXISTS invites_by_age ON invites(expires_at)",
    "CREATE INDEX IF NOT EXISTS quota_months_by_month ON quota_months(month)",
});

// With an index on lease_until each renewal would be a new version of the row in every index. What
// runs is found by its status.
inline constexpr auto kLeanLeases = std::to_array<std::string_view>({
    "DROP INDEX IF EXISTS jobs_leases",
});

// Each index with the status is written three times for a job. What waits has jobs_waiting, what
// runs this, and both are small.
inline constexpr auto kFewerIndexes = std::to_array<std::string_view>({
    "CREATE INDEX IF NOT EXISTS jobs_running ON jobs(account_id) WHERE status = 'PROCESSING'",
    "DROP INDEX IF EXISTS jobs_queue",
    "DROP INDEX IF EXISTS jobs_turns",
});

}  // namespace cad::store
