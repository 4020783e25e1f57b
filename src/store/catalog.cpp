// SPDX-License-Identifier: Apache-2.0
#include "store/catalog.hpp"

#include <algorithm>

#include "store/migrations.hpp"

namespace cad::store {
namespace {

std::vector<std::string> tables_of_migrations() {
  constexpr std::string_view kMakes = "CREATE TABLE ";
  std::vector<std::string> names;
  for (const Migration& migration : all_migrations())
    for (std::string_view sql : migration.statements) {
      if (!sql.starts_with(kMakes)) continue;
      sql.remove_prefix(kMakes.size());
      names.emplace_back(sql.substr(0, sql.find(' ')));
    }
  return names;
}

constexpr std::string_view kSqliteColumns =
    "SELECT name, pk FROM pragma_table_info($1) ORDER BY cid";
constexpr std::string_view kPostgresColumns =
    "SELECT CAST(c.column_name AS TEXT), COALESCE((SELECT k.ordinal_position"
    " FROM information_schema.table_constraints t JOIN information_schema.key_column_usage k"
    "  ON k.constraint_schema = t.constraint_schema AND k.constraint_name = t.constraint_name"
    "  AND k.table_name = t.table_name"
    " WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_schema = c.table_schema"
    "  AND t.table_name = c.table_name AND k.column_name = c.column_name), 0)"
    " FROM information_schema.columns c WHERE c.table_schema = current_schema()"
    " AND c.table_name = $1 ORDER BY c.ordinal_position";

std::string list_of(const TableShape& table, const std::vector<std::size_t>& columns) {
  std::string out;
  for (const std::size_t column : columns) out += (out.empty() ? "" : ", ") + table.columns[column];
  return out;
}

std::string all_columns(const TableShape& table) {
  std::string out;
  for (const std::string& column : table.columns) out += (out.empty() ? "" : ", ") + column;
  return out;
}

std::string parameters(std::size_t first, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += (i == 0 ? "$" : ", $") + std::to_string(first + i);
  return out;
}

}  // namespace

Result<std::vector<TableShape>> table_shapes(Session& session, Dialect dialect) {
  std::vector<TableShape> tables;
  for (const std::string& name : tables_of_migrations()) {
    CAD_ASSIGN(const Rows columns,
               session.run(dialect == Dialect::sqlite ? kSqliteColumns : kPostgresColumns, {name}));
    if (columns.rows.empty()) continue;  // of a migration that was not run yet
    TableShape table;
    table.name = name;
    std::vector<std::pair<std::int64_t, std::size_t>> key;
    for (const Row& row : columns.rows) {
      if (row.integer(1) > 0) key.emplace_back(row.integer(1), table.columns.size());
      table.columns.push_back(row.text(0));
    }
    std::sort(key.begin(), key.end());
    for (const auto& [place, column] : key) table.key.push_back(column);
    if (table.key.empty())
      return fail(ErrorCode::internal, "The table " + name + " has no primary key.");
    tables.push_back(std::move(table));
  }
  return tables;
}

Result<bool> is_empty(Session& session, Dialect dialect) {
  CAD_ASSIGN(const Rows any,
             session.run(dialect == Dialect::sqlite
                             ? "SELECT 1 FROM sqlite_schema LIMIT 1"
                             : "SELECT 1 FROM pg_class c JOIN pg_namespace n"
                               " ON n.oid = c.relnamespace WHERE n.nspname = current_schema()"
                               " AND c.relkind IN ('r', 'p', 'v', 'S') LIMIT 1",
                         {}));
  return any.rows.empty();
}

Result<std::int64_t> schema_version(Session& session) {
  CAD_ASSIGN(const Rows found,
             session.run("SELECT COALESCE(MAX(version), 0) FROM schema_migrations", {}));
  return found.rows.at(0).integer(0);
}

Result<Rows> rows_after(Session& session, const TableShape& table, const Values& after,
                        std::int64_t limit) {
  std::string sql = "SELECT " + all_columns(table) + " FROM " + table.name;
  const std::string key = list_of(table, table.key);
  Values values{limit};
  if (!after.empty()) {
    sql += " WHERE (" + key + ") > (" + parameters(2, table.key.size()) + ")";
    for (const std::size_t column : table.key) values.push_back(after[column]);
  }
  return session.run(sql + " ORDER BY " + key + " LIMIT $1", values);
}

Result<void> insert_rows(Session& session, const TableShape& table, const Values& values) {
  const std::size_t columns = table.columns.size();
  std::string sql = "INSERT INTO " + table.name + " (" + all_columns(table) + ") VALUES ";
  for (std::size_t first = 0; first < values.size(); first += columns)
    sql += (first == 0 ? "(" : ", (") + parameters(first + 1, columns) + ")";
  CAD_TRY(session.run(sql, values));
  return {};
}

}  // namespace cad::store
