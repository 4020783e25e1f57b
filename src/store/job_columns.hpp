// SPDX-License-Identifier: Apache-2.0
// A job as a row and back; shared by the repository and the database queue.
#pragma once

#include <string_view>

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

inline constexpr std::string_view kJobColumns =
    "id, uuid, key_id, account_id, status, file_name, file_size, mime_type, format, sha256,"
    " webhook_url, notify_email, created_at, updated_at, started_at, completed_at, expires_at,"
    " error_code, error_msg, progress, phase, attempt, failures, result_attempt, watched,"
    " upload_gone, turn_at, trace, excused, has_thumbnail";

// Ids of the key $1 and of those it replaced.
inline constexpr std::string_view kSeenByKey =
    "SELECT older.id FROM api_keys AS mine JOIN api_keys AS older ON older.family = mine.family"
    " AND older.generation <= mine.generation WHERE mine.id = $1";

Values job_values(const Job& job);  // in the order of kJobColumns
Result<Job> job_from_row(const Row& row);

}  // namespace cad::store
