// SPDX-License-Identifier: Apache-2.0
// What tables there are, for copying all of them from one database into another.
#pragma once

#include <string>
#include <vector>

#include "store/database.hpp"

namespace cad::store {

struct TableShape {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::size_t> key;  // of the columns those of the primary key
};

// Of those that the migrations make, the ones that are there, in an order in which each refers only
// to ones before it.
Result<std::vector<TableShape>> table_shapes(Session& session, Dialect dialect);
// Whether there is any table at all, ours or not.
Result<bool> is_empty(Session& session, Dialect dialect);
Result<std::int64_t> schema_version(Session& session);

// At most `limit` rows, in the order of their key, after the row `after` (empty: from the first).
Result<Rows> rows_after(Session& session, const TableShape& table, const Values& after,
                        std::int64_t limit);
// Values of all columns, one row after the other.
Result<void> insert_rows(Session& session, const TableShape& table, const Values& values);

}  // namespace cad::store
