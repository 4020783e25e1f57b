// SPDX-License-Identifier: Apache-2.0
// Pages of jobs.
#include "store/job_columns.hpp"
#include "store/repositories.hpp"
#include "store/texts.hpp"

namespace cad::store {
namespace {

// That a search looks at for one page: a name that no index knows is compared with each.
constexpr std::int64_t kMostLookedAt = 10'000;

constexpr std::string_view kOrder = " ORDER BY created_at DESC, id DESC LIMIT ";

struct Statement {
  std::string sql;
  Values values;

  std::string parameter(Value value) {
    values.push_back(std::move(value));
    return "$" + std::to_string(values.size());
  }
};

// Of each key an index gives the newest in order, and no more than asked.
Result<Statement> newest_of(Database& database, const Viewer& viewer, const JobQuery& query,
                            std::int64_t most) {
  Statement out;
  const std::string limit = out.parameter(most);
  std::vector<std::string> owners;
  if (viewer.whole_account) {
    owners = {"account_id = " + out.parameter(viewer.account_id)};
  } else {
    owners = {"key_id = " + out.parameter(viewer.key_id)};
    CAD_ASSIGN(const Rows seen, database.read(kSeenByKey, {viewer.key_id}));
    for (const Row& row : seen.rows)
      if (row.text(0) != viewer.key_id) owners.push_back("key_id = " + out.parameter(row.text(0)));
  }
  std::string more;
  if (query.status) more += " AND status = " + out.parameter(std::string(to_string(*query.status)));
  if (query.after) {
    const std::string time = out.parameter(query.after->created_at);
    more += " AND (created_at, id) < (" + time + ", " + out.parameter(query.after->id) + ")";
  }
  const std::string select = "SELECT " + std::string(kJobColumns) + " FROM jobs WHERE ";
  for (const std::string& owner : owners)
    out.sql += (out.sql.empty() ? "SELECT * FROM (" : ") AS one UNION ALL SELECT * FROM (") +
               select + owner + more + std::string(kOrder) + limit;
  out.sql += ") AS one" + std::string(kOrder) + limit;
  return out;
}

Statement filtered(Statement looked_at, const JobQuery& query) {
  Statement out{{}, std::move(looked_at.values)};
  std::string where;
  if (!query.format.empty()) where = "format = " + out.parameter(query.format);
  if (!query.text.empty())
    where += (where.empty() ? "" : " AND ") +
             ("LOWER(file_name) LIKE " + out.parameter(pattern_within(query.text)) + " ESCAPE '!'");
  out.sql = "SELECT * FROM (" + looked_at.sql + ") AS one WHERE " + where + std::string(kOrder) +
            out.parameter(query.limit + 1);
  return out;
}

Result<JobPage> page_of(const Rows& rows, std::int64_t limit) {
  JobPage page;
  for (const Row& row : rows.rows) {
    if (page.jobs.size() == static_cast<std::size_t>(limit)) {
      page.next = PageCursor{page.jobs.back().created_at, page.jobs.back().id};
      break;
    }
    CAD_ASSIGN(Job job, job_from_row(row));
    page.jobs.push_back(std::move(job));
  }
  return page;
}

// The last one that a search has looked at; none: it has seen all there are.
Result<std::optional<PageCursor>> end_of(Database& database, Statement looked_at) {
  const std::string sql = "SELECT created_at, id FROM (" + looked_at.sql + ") AS one" +
                          std::string(kOrder) + "1 OFFSET " + std::to_string(kMostLookedAt - 1);
  CAD_ASSIGN(const Rows rows, database.read(sql, looked_at.values));
  if (rows.rows.empty()) return std::optional<PageCursor>();
  return std::optional(PageCursor{rows.rows.front().integer(0), rows.rows.front().text(1)});
}

}  // namespace

Result<JobPage> JobRepository::list(const Viewer& viewer, const JobQuery& query) {
  const bool searches = !query.format.empty() || !query.text.empty();
  CAD_ASSIGN(const Statement newest,
             newest_of(database_, viewer, query, searches ? kMostLookedAt : query.limit + 1));
  const Statement wanted = searches ? filtered(newest, query) : newest;
  CAD_ASSIGN(const Rows rows, database_.read(wanted.sql, wanted.values));
  CAD_ASSIGN(JobPage page, page_of(rows, query.limit));
  if (searches && !page.next) {
    CAD_ASSIGN(page.next, end_of(database_, newest));
  }
  return page;
}

}  // namespace cad::store
