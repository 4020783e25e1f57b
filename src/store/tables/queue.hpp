// SPDX-License-Identifier: Apache-2.0
// Migration 12: whose turn it is, and jobs that were given up. Nodes of before it serve on: a job
// of theirs has turn 0, and is taken first.
#pragma once

#include <array>
#include <string_view>

namespace cad::store {

inline constexpr auto kQueueTables = std::to_array<std::string_view>({
    // When the job may claim to have waited longest: its time, and a penalty for what can wait.
    "ALTER TABLE jobs ADD COLUMN turn_at {int} NOT NULL DEFAULT 0",
    "UPDATE jobs SET turn_at = created_at WHERE status = 'PENDING'",
    "CREATE INDEX IF NOT EXISTS jobs_waiting ON jobs(account_id, turn_at, id) WHERE status = "
    "'PENDING'",
    // When it was given up through no fault of its drawing that is known.
    "ALTER TABLE jobs ADD COLUMN dead_at {int}",
    "CREATE INDEX IF NOT EXISTS jobs_dead ON jobs(dead_at, id) WHERE dead_at IS NOT NULL",
    "CREATE TABLE account_turns ("
    "  account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE,"
    "  last_at {int} NOT NULL){strict}",
});

}  // namespace cad::store
