// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "store/repositories.hpp"
#include "store/testing/databases.hpp"

namespace cad::store {
namespace {

class JobSearch : public testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() / ("cadlens-list-" + std::to_string(::getpid()));
    std::filesystem::create_directories(dir_);
    std::string place;
    CAD_OPEN_DATABASE(GetParam(), dir_.string(), place, database_);
    ASSERT_TRUE(migrate(*database_, 1));
    for (const char* id : {"1", "2"}) {
      const std::string account = "acc_" + std::string(id), key = "key_" + std::string(id);
      ASSERT_TRUE(KeyRepository(*database_).insert_account(account, account, 1));
      ASSERT_TRUE(KeyRepository(*database_)
                      .insert({.id = key,
                               .account_id = account,
                               .name = "n",
                               .prefix = "",
                               .hash = key,
                               .scopes = ""}));
    }
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  JobRepository jobs() { return JobRepository(*database_); }
  void add(const std::string& id, const std::string& name, const std::string& format,
           const std::string& whose = "1") {
    Job job;
    job.id = job.uuid = id;
    job.key_id = "key_" + whose;
    job.account_id = "acc_" + whose;
    job.file_name = name;
    job.format = format;
    job.created_at = job.updated_at = 100;
    ASSERT_TRUE(jobs().insert(job, {}));
  }
  std::string found(const JobQuery& query) {
    std::string ids;
    const auto page = jobs().list({"acc_1", "", true}, query);
    EXPECT_TRUE(page) << page.error().message;
    for (const Job& job : page->jobs) ids += job.id;
    return ids;
  }

  std::filesystem::path dir_;
  std::unique_ptr<Database> database_;
};

TEST_P(JobSearch, finds_by_name_and_format_of_the_account_alone) {
  add("a", "Plan 1.dxf", "DXF");
  add("b", "plan_2.dwg", "DWG");
  add("c", "roof!%.dxf", "DXF");
  add("d", "plan of another.dxf", "DXF", "2");
  EXPECT_EQ(found({.text = "PLAN"}), "ba");
  EXPECT_EQ(found({.format = "DXF"}), "ca");
  EXPECT_EQ(found({.format = "DXF", .text = "plan"}), "a");
  EXPECT_EQ(found({.text = "n_2"}), "b");
  EXPECT_EQ(found({.text = "n_1"}), "") << "no character stands for others";
  EXPECT_EQ(found({.text = "!%"}), "c");
  EXPECT_EQ(found({.status = JobStatus::failed, .text = "plan"}), "");
}

TEST_P(JobSearch, looks_at_so_many_jobs_and_says_where_to_go_on) {
  add("z", "needle", "DXF");
  ASSERT_TRUE(database_->write(
      "INSERT INTO jobs (id, uuid, key_id, account_id, status, file_name, file_size, mime_type,"
      " format, sha256, created_at, updated_at, expires_at, progress, phase, attempt, failures,"
      " available_at, watched, upload_gone) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
      " SELECT i + 1 FROM n WHERE i < 10000) SELECT CAST(i AS TEXT), CAST(i AS TEXT), 'key_1',"
      " 'acc_1', 'FAILED', 'hay', 1, '', 'DXF', '', 1000 + i, 1, 1, 0, '', 0, 0, 0, 0, 1 FROM n",
      {}));
  const auto first = jobs().list({"acc_1", "", true}, {.text = "needle"}).value();
  EXPECT_TRUE(first.jobs.empty());
  ASSERT_TRUE(first.next);
  const auto second = jobs().list({"acc_1", "", true}, {.text = "needle", .after = first.next});
  ASSERT_EQ(second->jobs.size(), 1u);
  EXPECT_FALSE(second->next);
}

INSTANTIATE_TEST_SUITE_P(Databases, JobSearch, every_database(), name_of);

}  // namespace
}  // namespace cad::store
