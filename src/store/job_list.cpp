// SPDX-License-Identifier: Apache-2.0
// Pages of jobs.
#include "store/job_columns.hpp"
#include "store/newest_first.hpp"
#include "store/repositories.hpp"
#include "store/texts.hpp"

namespace cad::store {
namespace {

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
  more += out.behind(query.after);
  const std::string select = "SELECT " + std::string(kJobColumns) + " FROM jobs WHERE ";
  for (const std::string& owner : owners)
    out.sql += (out.sql.empty() ? "SELECT * FROM (" : ") AS one UNION ALL SELECT * FROM (") +
               select + owner + more + std::string(kNewestFirst) + limit;
  out.sql += ") AS one" + std::string(kNewestFirst) + limit;
  return out;
}

Statement filtered(Statement looked_at, const JobQuery& query) {
  Statement out{{}, std::move(looked_at.values)};
  std::string where;
  if (!query.format.empty()) where = "format = " + out.parameter(query.format);
  if (!query.text.empty())
    where += (where.empty() ? "" : " AND ") +
             ("LOWER(file_name) LIKE " + out.parameter(pattern_within(query.text)) + " ESCAPE '!'");
  out.sql = "SELECT * FROM (" + looked_at.sql + ") AS one WHERE " + where +
            std::string(kNewestFirst) + out.parameter(query.limit + 1);
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

}  // namespace

Result<JobPage> JobRepository::list(const Viewer& viewer, const JobQuery& query) {
  const bool searches = !query.format.empty() || !query.text.empty();
  CAD_ASSIGN(const Statement newest,
             newest_of(database_, viewer, query, searches ? kMostLookedAt : query.limit + 1));
  const Statement wanted = searches ? filtered(newest, query) : newest;
  CAD_ASSIGN(const Rows rows, database_.read(wanted.sql, wanted.values));
  CAD_ASSIGN(JobPage page, page_of(rows, query.limit));
  if (searches && !page.next) {
    CAD_ASSIGN(page.next, end_of_search(database_, newest));
  }
  return page;
}

}  // namespace cad::store
