// SPDX-License-Identifier: Apache-2.0
#include "store/facts.hpp"

namespace cad::store {

Result<std::string> agree_on(Database& database, std::string_view name, std::string_view value) {
  CAD_TRY(database.write("INSERT INTO facts (name, value) VALUES ($1,$2) ON CONFLICT DO NOTHING",
                         {std::string(name), std::string(value)}));
  CAD_ASSIGN(const Rows rows,
             database.read("SELECT value FROM facts WHERE name = $1", {std::string(name)}));
  if (rows.rows.empty()) return fail(ErrorCode::internal, "A fact was not kept.");
  return rows.rows.front().text(0);
}

Result<std::optional<std::string>> find_fact(Session& session, std::string_view name) {
  CAD_ASSIGN(const Rows rows,
             session.run("SELECT value FROM facts WHERE name = $1", {std::string(name)}));
  if (rows.rows.empty()) return std::optional<std::string>();
  return std::optional(rows.rows.front().text(0));
}

Result<void> store_fact(Session& session, std::string_view name, std::string_view value) {
  CAD_TRY(session.run("INSERT INTO facts (name, value) VALUES ($1,$2) ON CONFLICT DO NOTHING",
                      {std::string(name), std::string(value)}));
  return {};
}

Result<std::optional<AnyPart>> any_part(Database& database) {
  CAD_ASSIGN(const Rows rows,
             database.read("SELECT p.job_id, j.result_attempt, p.kind, p.number FROM parts p"
                           " JOIN jobs j ON j.id = p.job_id LIMIT 1",
                           {}));
  if (rows.rows.empty()) return std::optional<AnyPart>();
  const Row& row = rows.rows.front();
  return std::optional(AnyPart{row.text(0), row.integer(1), row.text(2), row.integer(3)});
}

}  // namespace cad::store
