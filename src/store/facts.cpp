// SPDX-License-Identifier: Apache-2.0
#include "store/facts.hpp"

namespace cad::store {

namespace {

constexpr std::string_view kFind = "SELECT value FROM facts WHERE name = $1";
constexpr std::string_view kStore =
    "INSERT INTO facts (name, value) VALUES ($1,$2) ON CONFLICT DO NOTHING";

Result<std::optional<std::string>> only_value(Result<Rows> rows) {
  if (!rows) return tl::unexpected(std::move(rows.error()));
  if (rows->rows.empty()) return std::optional<std::string>();
  return std::optional(rows->rows.front().text(0));
}

}  // namespace

Result<std::string> agree_on(Database& database, std::string_view name, std::string_view value) {
  CAD_TRY(database.write(kStore, {std::string(name), std::string(value)}));
  CAD_ASSIGN(auto kept, find_fact(database, name));
  if (!kept) return fail(ErrorCode::internal, "A fact was not kept.");
  return std::move(*kept);
}

Result<std::optional<std::string>> find_fact(Database& database, std::string_view name) {
  return only_value(database.read(kFind, {std::string(name)}));
}

Result<std::optional<std::string>> find_fact(Session& session, std::string_view name) {
  return only_value(session.run(kFind, {std::string(name)}));
}

Result<void> store_fact(Session& session, std::string_view name, std::string_view value) {
  CAD_TRY(session.run(kStore, {std::string(name), std::string(value)}));
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
