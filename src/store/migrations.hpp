// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "store/database.hpp"

namespace cad::store {

struct Migration {
  std::int64_t version;
  std::span<const std::string_view> statements;
};
std::span<const Migration> all_migrations();
std::int64_t newest_version();

// Brings the tables to `version`, as a part of the transaction; CONFLICT when they are newer than
// this build knows.
Result<void> migrate_within(Session& session, Dialect dialect, std::int64_t version,
                            std::int64_t now);

}  // namespace cad::store
