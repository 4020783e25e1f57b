// SPDX-License-Identifier: Apache-2.0
// Counting requests, as every database must do it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "store/repositories.hpp"
#include "store/testing/databases.hpp"
#include "store/usage.hpp"

namespace cad::store {
namespace {

using testing::ElementsAre;

constexpr UnixMs kMay13 = 1'778'666'062'000;  // 2026-05-13T09:54:22Z
constexpr UnixMs kDay = kDayMs;

class UsageContract : public testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-usage-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(dir_);
    CAD_OPEN_DATABASE(GetParam(), dir_.string(), place_, database_);
    ASSERT_TRUE(migrate(*database_, 1));
    for (const char* account : {"acc_1", "acc_2"})
      ASSERT_TRUE(KeyRepository(*database_).insert_account(account, account, 1));
    for (const auto& [id, account] :
         {std::pair("key_1", "acc_1"), {"key_2", "acc_1"}, {"key_3", "acc_2"}}) {
      ApiKey key{.id = id,
                 .account_id = account,
                 .name = std::string("name of ") + id,
                 .label = "production",
                 .prefix = "cadl_0000000",
                 .hash = std::string("hash of ") + id,
                 .scopes = "parse",
                 .created_at = kMay13 - 40 * kDay};
      ASSERT_TRUE(KeyRepository(*database_).insert(key));
    }
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  Job job_at(UnixMs at = kMay13, const std::string& key = "key_1",
             const std::string& format = "dxf") {
    const int number = ++jobs_;
    Job made;
    made.id = "job_" + std::to_string(number);
    made.uuid = "uuid " + std::to_string(number);
    made.key_id = key;
    made.account_id = key == "key_3" ? "acc_2" : "acc_1";
    made.format = format;
    made.created_at = at;
    return made;
  }
  bool count(const Job& job, std::optional<std::int64_t> limit = {}) {
    return JobRepository(*database_).insert(job, {}, limit).value();
  }
  void start(const Job& job) {
    EXPECT_TRUE(
        database_->write("UPDATE jobs SET status = 'PROCESSING', lease_owner = 'me',"
                         " attempt = 1 WHERE id = $1 AND status = 'PENDING'",
                         {job.id}));
  }
  bool complete(const Job& job, UnixMs at) {
    start(job);
    return JobRepository(*database_).complete(job.id, "me", 1, {}, at).value();
  }
  bool fail_one(const Job& job, bool uncount) {
    start(job);
    return JobRepository(*database_)
        .fail_job(job.id, "me", 1, "X", "x", job.created_at, uncount)
        .value();
  }
  UsageRepository usage() { return UsageRepository(*database_); }
  std::int64_t used(UnixMs at = kMay13) { return usage().used("acc_1", month_of(at)).value(); }
  UsageRange range(Day from = day_of(kMay13), Day to = day_of(kMay13)) {
    return {"acc_1", from, to};
  }

  std::filesystem::path dir_;
  std::string place_;
  std::unique_ptr<Database> database_;
  std::atomic<int> jobs_ = 0;
};

TEST(Calendar, days_and_months_are_those_of_utc) {
  EXPECT_EQ(day_text(day_of(kMay13)), "2026-05-13");
  EXPECT_EQ(month_of(kMay13), 202605);
  EXPECT_EQ(next_month(202605), 202606);
  EXPECT_EQ(next_month(202612), 202701);
  EXPECT_EQ(day_text(first_day(202602) - 1), "2026-01-31");
  EXPECT_EQ(month_of(start_of(first_day(202603))), 202603);
  EXPECT_EQ(month_of(start_of(first_day(202603)) - 1), 202602);
  EXPECT_EQ(parse_day("2024-02-29"), day_of(1'709'164'800'000));
  EXPECT_EQ(day_of(-1), -1);
  EXPECT_EQ(parse_time("2026-05-13T09:54:22.000Z"), kMay13);
  EXPECT_EQ(parse_time("2026-05-13T09:54:22Z"), kMay13);
  for (const char* wrong : {"2026-05-13T24:00:00Z", "2026-05-13 09:54:22Z", "2026-05-13T09:54:22",
                            "2026-05-13T09:54:22,000Z", "2026-05-13T09:5x:22Z", ""})
    EXPECT_FALSE(parse_time(wrong)) << wrong;
  for (const char* wrong : {"2026-02-29", "2026-13-01", "1969-12-31", "2026-5-13", "2026-05-13T",
                            "2026/05/13", "", "2026-0x-13"})
    EXPECT_FALSE(parse_day(wrong)) << wrong;
}

TEST_P(UsageContract, S23_requests_are_counted_by_key_day_and_format) {
  const Day today = day_of(kMay13);
  ASSERT_TRUE(count(job_at()));
  ASSERT_TRUE(count(job_at(kMay13 + 1, "key_1", "dwg")));
  ASSERT_TRUE(count(job_at(kMay13 - kDay, "key_2")));
  ASSERT_TRUE(count(job_at(kMay13, "key_3")));
  EXPECT_EQ(used(), 3);
  const auto keys = usage().by_key(range(today - 1, today)).value();
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys[0].key_id, "key_1");
  EXPECT_EQ(keys[0].name, "name of key_1");
  EXPECT_EQ(keys[0].label, "production");
  EXPECT_EQ(keys[0].prefix, "cadl_0000000");
  EXPECT_EQ(keys[0].formats, (ByFormat{{"dwg", 1}, {"dxf", 1}}));
  EXPECT_EQ(keys[1].formats, (ByFormat{{"dxf", 1}}));
  const auto days = usage().by_day(range(today - 5, today)).value();
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[0].day, today - 1);
  EXPECT_EQ(days[1].formats, (ByFormat{{"dwg", 1}, {"dxf", 1}}));
  UsageRange one = range(today - 5, today);
  one.key_id = "key_2";
  EXPECT_EQ(usage().by_day(one)->size(), 1u);
  one.key_id = "key_3";
  EXPECT_TRUE(usage().by_day(one)->empty()) << "of another account";
  EXPECT_THAT(usage().history("acc_1", "key_1", today - 2, today).value(), ElementsAre(0, 0, 2));
}

TEST_P(UsageContract, of_many_at_once_exactly_the_limit_is_admitted) {
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(count(job_at(), 10));
  std::atomic<int> admitted = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) admitted += count(job_at(), 10);
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(admitted, 1);
  EXPECT_EQ(used(), 10);
  EXPECT_EQ(usage().by_day(range())->at(0).formats.at("dxf"), 10) << "refused ones are not counted";
  EXPECT_EQ(database_->read("SELECT COUNT(*) FROM jobs", {})->rows.at(0).integer(0), 10);
  EXPECT_FALSE(count(job_at(), 0));
  EXPECT_TRUE(count(job_at(kMay13, "key_3"), 10)) << "another account's month is its own";
  EXPECT_TRUE(count(job_at(kMay13 + 30 * kDay), 10)) << "and so is the next month";
}

TEST_P(UsageContract, what_is_not_accepted_is_not_counted) {
  const Job first = job_at();
  ASSERT_TRUE(count(first));
  EXPECT_FALSE(JobRepository(*database_).insert(first, {}, {})) << "its id is taken";
  EXPECT_EQ(used(), 1);
  EXPECT_EQ(usage().by_day(range())->at(0).formats.at("dxf"), 1);
}

TEST_P(UsageContract, a_failure_of_the_services_own_gives_the_request_back_once) {
  const Job ours = job_at(kMay13), drawings = job_at(kMay13, "key_1", "dwg");
  ASSERT_TRUE(count(ours) && count(drawings));
  EXPECT_TRUE(fail_one(drawings, false));
  EXPECT_EQ(used(), 2);
  EXPECT_TRUE(fail_one(ours, true));
  EXPECT_EQ(used(), 1);
  EXPECT_FALSE(fail_one(ours, true)) << "it has ended";
  EXPECT_EQ(used(), 1);
  EXPECT_EQ(usage().by_day(range())->at(0).formats, (ByFormat{{"dwg", 1}}));
}

TEST_P(UsageContract, S23_ends_are_counted_once_on_the_day_of_their_request) {
  const Job good = job_at(), bad = job_at(kMay13, "key_1", "dwg"), ours = job_at();
  const Job other = job_at(kMay13, "key_3"), waits = job_at();
  for (const Job& job : {good, bad, ours, other, waits}) ASSERT_TRUE(count(job));
  EXPECT_TRUE(complete(good, kMay13 + 2 * kDay));
  EXPECT_FALSE(complete(good, kMay13 + 2 * kDay));
  EXPECT_TRUE(fail_one(bad, false));
  EXPECT_TRUE(fail_one(ours, true));
  const auto days = usage().by_day(range(day_of(kMay13), day_of(kMay13) + 5)).value();
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].completed, 1);
  EXPECT_EQ(days[0].failed, 1) << "what is given back is in neither";
  EXPECT_EQ(days[0].formats, (ByFormat{{"dwg", 1}, {"dxf", 2}}));
}

TEST_P(UsageContract, S23_latencies_are_those_of_the_newest_completed_jobs) {
  for (int i = 0; i < 4; ++i) {
    const Job job = job_at(kMay13 + i, i == 3 ? "key_2" : "key_1");
    ASSERT_TRUE(count(job) && complete(job, kMay13 + i + 100 * (i + 1)));
  }
  const Job failed = job_at(kMay13 + 9), early = job_at(kMay13 - kDay),
            other = job_at(kMay13, "key_3");
  ASSERT_TRUE(count(failed) && count(early) && count(other));
  ASSERT_TRUE(fail_one(failed, false) && complete(early, kMay13) && complete(other, kMay13));
  EXPECT_THAT(usage().latencies(range(), 10).value(),
              testing::UnorderedElementsAre(100, 200, 300, 400));
  EXPECT_THAT(usage().latencies(range(), 3).value(), testing::UnorderedElementsAre(300, 400));
  UsageRange of_key = range();
  of_key.key_id = "key_2";
  EXPECT_THAT(usage().latencies(of_key, 10).value(), ElementsAre(400));
  of_key.key_id = "key_3";
  EXPECT_TRUE(usage().latencies(of_key, 10)->empty()) << "of another account";
}

TEST_P(UsageContract, a_key_is_flagged_once_a_day) {
  const Day today = day_of(kMay13);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(count(job_at()));
  ASSERT_TRUE(count(job_at(kMay13, "key_2")));
  const auto busy = usage().busy_keys(today, 2).value();
  ASSERT_EQ(busy.size(), 1u);
  EXPECT_EQ(busy[0].key_id, "key_1");
  EXPECT_EQ(busy[0].requests, 3);
  EXPECT_EQ(busy[0].key_created_at, kMay13 - 40 * kDay);
  const UsageSpike spike{"acc_1", "key_1", today, 3, 1};
  EXPECT_TRUE(usage().flag(spike, kMay13).value());
  EXPECT_FALSE(usage().flag(spike, kMay13).value());
  EXPECT_TRUE(usage().busy_keys(today, 2)->empty());
  const auto spikes = usage().spikes(range()).value();
  ASSERT_EQ(spikes.size(), 1u);
  EXPECT_EQ(spikes[0].requests, 3);
  EXPECT_EQ(spikes[0].usual, 1);
}

TEST_P(UsageContract, counts_go_at_their_age_and_with_their_account) {
  ASSERT_TRUE(count(job_at(kMay13 - 500 * kDay)));
  ASSERT_TRUE(count(job_at()));
  ASSERT_TRUE(usage().flag({"acc_1", "key_1", day_of(kMay13), 3, 1}, kMay13));
  EXPECT_EQ(usage().remove_before(day_of(kMay13) - 400, 202504).value(), 2);
  EXPECT_EQ(usage().by_day(range(0, day_of(kMay13)))->size(), 1u);
  ASSERT_TRUE(database_->write("DELETE FROM jobs", {}));
  ASSERT_TRUE(KeyRepository(*database_).remove_account("acc_1").value());
  for (const char* table : {"usage", "quota_months", "usage_spikes"})
    EXPECT_EQ(
        database_->read(std::string("SELECT COUNT(*) FROM ") + table, {})->rows.at(0).integer(0), 0)
        << table;
}

INSTANTIATE_TEST_SUITE_P(Databases, UsageContract, every_database(), name_of);

}  // namespace
}  // namespace cad::store
