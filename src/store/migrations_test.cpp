// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <string>

namespace cad::store {
namespace {

bool has_any(std::string_view sql, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return sql.find(word) != sql.npos; });
}

// A node of the version before goes on serving: what it knows must stay, and what it writes must be
// enough.
std::string why_not_additive(std::string_view sql) {
  if (sql.starts_with('{')) sql.remove_prefix(sql.find('}') + 1);
  for (const std::string_view good : {"CREATE TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX ",
                                      "CREATE TRIGGER ", "CREATE FUNCTION ", "UPDATE "})
    if (sql.starts_with(good)) return "";
  if (!sql.starts_with("ALTER TABLE ") || !has_any(sql, {" ADD COLUMN "}))
    return "is neither CREATE nor ADD COLUMN";
  if (has_any(sql, {"NOT NULL"}) && !has_any(sql, {"DEFAULT"}))
    return "adds a column that older nodes leave empty";
  return has_any(sql, {"DROP", "RENAME", "ALTER COLUMN", " TYPE ", "UNIQUE", "CHECK"})
             ? "forbids what older nodes do"
             : "";
}

TEST(Migrations, from_the_second_on_they_only_add) {
  for (const Migration& migration : all_migrations()) {
    if (migration.version < 2) continue;
    for (const std::string_view sql : migration.statements)
      EXPECT_EQ(why_not_additive(sql), "") << migration.version << ": " << sql;
  }
  for (const char* sql :
       {"DROP TABLE jobs", "ALTER TABLE jobs RENAME TO j",
        "ALTER TABLE jobs ALTER COLUMN id TYPE TEXT", "ALTER TABLE jobs ADD COLUMN x TEXT NOT NULL",
        "DELETE FROM jobs", "ALTER TABLE jobs ADD COLUMN x TEXT UNIQUE"})
    EXPECT_NE(why_not_additive(sql), "") << sql;
}

TEST(Migrations, they_are_numbered_one_by_one) {
  std::int64_t expected = 0;
  for (const Migration& migration : all_migrations()) EXPECT_EQ(migration.version, ++expected);
  EXPECT_EQ(newest_version(), expected);
}

}  // namespace
}  // namespace cad::store
