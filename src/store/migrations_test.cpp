// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace cad::store {
namespace {

bool has_any(std::string_view sql, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return sql.find(word) != sql.npos; });
}

// Since this one several nodes may serve while it runs.
constexpr std::int64_t kFirstOfMany = 10;

std::string_view text_of(std::string_view sql) {
  if (sql.starts_with('{')) sql.remove_prefix(sql.find('}') + 1);
  return sql;
}

// A name may be followed by what it holds: "jobs(id".
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::istringstream stream{std::string(text)};
  for (std::string word; stream >> word;) words.push_back(word.substr(0, word.find('(')));
  words.resize(std::max<std::size_t>(words.size(), 6));
  return words;
}

// What the statements make by themselves: "jobs" for a table, "jobs.turn_at" for a column.
std::set<std::string> made_by(std::span<const std::string_view> statements) {
  std::set<std::string> made;
  for (const std::string_view sql : statements) {
    const auto words = words_of(text_of(sql));
    if (words[0] == "CREATE" && words[1] == "TABLE") made.insert(words[words[2] == "IF" ? 5 : 2]);
    if (words[3] == "ADD" && words[4] == "COLUMN") made.insert(words[2] + "." + words[5]);
  }
  return made;
}

// An index or a trigger of a table that older nodes do not know is nothing to them.
std::string why_not_on(std::string_view text, const std::set<std::string>& made) {
  const auto words = words_of(text);
  const auto on = std::find(words.begin(), words.end(), "ON");
  if (on == words.end() || on + 1 == words.end()) return "is on no table";
  if (made.contains(*(on + 1))) return "";
  if (words[1] != "INDEX") return "may refuse what older nodes write";
  return words[2] == "IF" ? "" : "cannot be built in advance";
}

std::string why_not_column(std::string_view text) {
  if (has_any(text, {"NOT NULL"}) && !has_any(text, {"DEFAULT"}))
    return "adds a column that older nodes leave empty";
  return has_any(text,
                 {"DROP", "RENAME", "ALTER COLUMN", " TYPE ", "UNIQUE", "CHECK", "REFERENCES"})
             ? "forbids what older nodes do"
             : "";
}

// Of a new column only: what older nodes read stays as they wrote it.
std::string why_not_update(std::string_view text, const std::set<std::string>& made) {
  if (has_any(text.substr(0, text.find(" WHERE ")), {","})) return "changes more than one column";
  const auto words = words_of(text);
  return made.contains(words[1] + "." + words[3]) ? "" : "changes what older nodes know";
}

// A node of the version before goes on serving: what it knows must stay, and what it writes must be
// enough.
std::string why_not_safe(std::string_view sql, const std::set<std::string>& made) {
  const std::string_view text = text_of(sql);
  if (text.starts_with("CREATE TABLE ") || text.starts_with("CREATE FUNCTION ")) return "";
  if (text.starts_with("DROP INDEX IF EXISTS ")) return "";
  if (text.starts_with("CREATE ")) return why_not_on(text, made);
  if (text.starts_with("UPDATE ")) return why_not_update(text, made);
  if (!text.starts_with("ALTER TABLE ") || !has_any(text, {" ADD COLUMN "}))
    return "is neither CREATE nor ADD COLUMN";
  return why_not_column(text);
}

TEST(Migrations, from_the_second_on_they_only_add) {
  for (const Migration& migration : all_migrations()) {
    if (migration.version < 2) continue;
    const auto made = made_by(migration.statements);
    for (const std::string_view sql : migration.statements) {
      if (migration.version < kFirstOfMany && sql.starts_with("CREATE ")) continue;
      EXPECT_EQ(why_not_safe(sql, made), "") << migration.version << ": " << sql;
    }
  }
}

TEST(Migrations, what_older_nodes_could_not_bear_is_found) {
  constexpr std::string_view kNew[] = {"CREATE TABLE IF NOT EXISTS fresh (id TEXT)",
                                       "ALTER TABLE jobs ADD COLUMN turn_at BIGINT"};
  const auto made = made_by(kNew);
  for (const char* sql :
       {"DROP TABLE jobs", "ALTER TABLE jobs RENAME TO j",
        "ALTER TABLE jobs ALTER COLUMN id TYPE TEXT", "ALTER TABLE jobs ADD COLUMN x TEXT NOT NULL",
        "DELETE FROM jobs", "ALTER TABLE jobs ADD COLUMN x TEXT UNIQUE",
        "ALTER TABLE jobs ADD COLUMN x TEXT REFERENCES accounts(id)",
        "UPDATE jobs SET status = 'PENDING'", "UPDATE jobs SET turn_at = 0, status = 'FAILED'",
        "UPDATE fresh SET id = (SELECT 1), x = 2", "CREATE UNIQUE INDEX a ON jobs(uuid)",
        "CREATE UNIQUE INDEX IF NOT EXISTS a ON jobs(uuid)", "CREATE INDEX a ON jobs(uuid)",
        "CREATE TRIGGER a BEFORE UPDATE ON jobs BEGIN SELECT 1; END", "TRUNCATE jobs"})
    EXPECT_NE(why_not_safe(sql, made), "") << sql;
  for (const char* sql :
       {"CREATE UNIQUE INDEX a ON fresh(id)", "CREATE INDEX a ON fresh(id)",
        "CREATE INDEX IF NOT EXISTS a ON jobs(uuid) WHERE status = 'PENDING'",
        "{sqlite}CREATE TRIGGER a BEFORE UPDATE ON fresh BEGIN SELECT 1; END",
        "{postgres}CREATE TRIGGER a BEFORE UPDATE OR DELETE ON fresh FOR EACH ROW",
        "UPDATE jobs SET turn_at = created_at WHERE status = 'PENDING'",
        "DROP INDEX IF EXISTS jobs_leases"})
    EXPECT_EQ(why_not_safe(sql, made), "") << sql;
}

TEST(Migrations, they_are_numbered_one_by_one) {
  std::int64_t expected = 0;
  for (const Migration& migration : all_migrations()) EXPECT_EQ(migration.version, ++expected);
  EXPECT_EQ(newest_version(), expected);
}

}  // namespace
}  // namespace cad::store
