// SPDX-License-Identifier: Apache-2.0
// Pages of a list whose newest come first: by time, and by id among those of one time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

// That a search looks at for one page: what no index knows is compared with each.
inline constexpr std::int64_t kMostLookedAt = 10'000;

inline constexpr std::string_view kNewestFirst = " ORDER BY created_at DESC, id DESC LIMIT ";

// A statement that is put together, and what its parameters are.
struct Statement {
  std::string sql;
  Values values;

  std::string parameter(Value value);
  // The condition, with its AND, of what comes after that one; without one, nothing.
  std::string behind(const std::optional<PageCursor>& after);
};

// The last row that a search has looked at, which `looked_at` selects; none: it has seen all there
// are.
Result<std::optional<PageCursor>> end_of_search(Database& database, const Statement& looked_at);

}  // namespace cad::store
