// SPDX-License-Identifier: Apache-2.0
#include "store/newest_first.hpp"

namespace cad::store {

std::string Statement::parameter(Value value) {
  values.push_back(std::move(value));
  return "$" + std::to_string(values.size());
}

std::string Statement::behind(const std::optional<PageCursor>& after) {
  if (!after) return "";
  const std::string time = parameter(after->created_at);
  return " AND (created_at, id) < (" + time + ", " + parameter(after->id) + ")";
}

Result<std::optional<PageCursor>> end_of_search(Database& database, const Statement& looked_at) {
  const std::string sql = "SELECT created_at, id FROM (" + looked_at.sql + ") AS one" +
                          std::string(kNewestFirst) + "1 OFFSET " +
                          std::to_string(kMostLookedAt - 1);
  CAD_ASSIGN(const Rows rows, database.read(sql, looked_at.values));
  if (rows.rows.empty()) return std::optional<PageCursor>();
  return std::optional(PageCursor{rows.rows.front().integer(0), rows.rows.front().text(1)});
}

}  // namespace cad::store
