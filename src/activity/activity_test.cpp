// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "activity/recorder.hpp"
#include "store/repositories.hpp"

namespace cad::activity {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class ActivityTest : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-activity-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(dir_);
    database_ = store::open_sqlite((dir_ / "db").string()).value();
    ASSERT_TRUE(store::migrate(*database_, 1));
    for (const char* account : {"acc_1", "acc_2"})
      ASSERT_TRUE(store::KeyRepository(*database_).insert_account(account, account, 1));
    log_ = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(told_));
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  static store::Activity entry(const std::string& message, const std::string& account = "acc_1") {
    store::Activity out;
    out.account_id = account;
    out.message = message;
    return out;
  }
  store::ActivityRepository feed() { return store::ActivityRepository(*database_); }
  std::vector<std::string> messages(const store::ActivityFilter& filter = {.account_id = "acc_1"}) {
    std::vector<std::string> out;
    const auto page = feed().list(filter).value();
    for (const auto& found : page.entries) out.push_back(found.message);
    return out;
  }

  std::filesystem::path dir_;
  std::unique_ptr<store::Database> database_;
  std::ostringstream told_;
  std::shared_ptr<spdlog::logger> log_;
  std::function<store::UnixMs()> clock_ = [this] { return now_++; };
  store::UnixMs now_ = 1'000'000;
};

TEST_F(ActivityTest, what_is_noted_is_read_newest_first) {
  {
    Recorder recorder(*database_, clock_, *log_);
    store::Activity full = entry("one");
    full.key_id = "key_1";
    full.source = store::Source::webhook;
    full.level = store::Level::warn;
    full.job_id = "job_1";
    full.status = 502;
    full.request_id = "req_1";
    full.detail = "{\"try\":1}";
    recorder.add(full);
    recorder.add(entry("two"));
    recorder.add(entry("theirs", "acc_2"));
    recorder.add(entry("nobody's", ""));
    recorder.flush();
    EXPECT_THAT(messages(), ElementsAre("two", "one"));
  }
  const auto page = feed().list({.account_id = "acc_1"}).value();
  const auto& found = page.entries.at(1);
  EXPECT_EQ(found.at, 1'000'000);
  EXPECT_EQ(found.key_id, "key_1");
  EXPECT_EQ(found.source, store::Source::webhook);
  EXPECT_EQ(found.level, store::Level::warn);
  EXPECT_EQ(found.job_id, "job_1");
  EXPECT_EQ(found.status, 502);
  EXPECT_EQ(found.request_id, "req_1");
  EXPECT_EQ(found.detail, "{\"try\":1}");
  EXPECT_EQ(told_.str(), "");
}

TEST_F(ActivityTest, what_waits_is_written_at_the_end) {
  { Recorder(*database_, clock_, *log_, {.every = 1h}).add(entry("last")); }
  EXPECT_THAT(messages(), ElementsAre("last"));
}

TEST_F(ActivityTest, of_too_many_the_newest_are_dropped_and_counted) {
  {
    Recorder recorder(*database_, clock_, *log_, {.most_waiting = 10, .batch = 1000, .every = 1h});
    for (int i = 0; i < 25; ++i) recorder.add(entry(std::to_string(i)));
  }
  EXPECT_EQ(messages().size(), 10u);
  EXPECT_THAT(told_.str(), HasSubstr("event=activity_dropped entries=15"));
}

TEST_F(ActivityTest, entries_of_an_account_that_went_take_no_others_with_them) {
  {
    Recorder recorder(*database_, clock_, *log_, {.every = 1h});
    recorder.add(entry("theirs", "acc_2"));
    recorder.add(entry("mine"));
    ASSERT_TRUE(store::KeyRepository(*database_).remove_account("acc_2").value());
  }
  EXPECT_THAT(messages(), ElementsAre("mine"));
  EXPECT_EQ(told_.str(), "");
  ASSERT_TRUE(store::KeyRepository(*database_).remove_account("acc_1").value());
  EXPECT_THAT(messages(), ElementsAre()) << "an account takes its feed with it";
}

TEST_F(ActivityTest, old_ones_and_those_beyond_the_most_go) {
  {
    Recorder recorder(*database_, clock_, *log_);
    for (int i = 0; i < 6; ++i) recorder.add(entry(std::to_string(i)));
    recorder.add(entry("theirs", "acc_2"));
  }
  EXPECT_EQ(feed().remove_before(1'000'002).value(), 2);
  EXPECT_THAT(messages(), ElementsAre("5", "4", "3", "2"));
  EXPECT_EQ(feed().trim(3).value(), 1);
  EXPECT_EQ(feed().trim(3).value(), 0);
  EXPECT_THAT(messages(), ElementsAre("5", "4", "3"));
  EXPECT_THAT(messages({.account_id = "acc_2"}), ElementsAre("theirs"));
}

TEST_F(ActivityTest, a_page_goes_on_where_the_one_before_ended) {
  {
    Recorder recorder(
        *database_, [] { return 5; }, *log_);  // all in one millisecond
    for (int i = 0; i < 5; ++i) recorder.add(entry(std::to_string(i)));
  }
  store::ActivityFilter filter{.account_id = "acc_1", .limit = 2};
  std::vector<std::string> all;
  bool more = true;
  while (more) {
    const auto page = feed().list(filter).value();
    for (const auto& found : page.entries) all.push_back(found.message);
    filter.before = page.entries.back().id;
    more = page.more;
  }
  EXPECT_THAT(all, ElementsAre("4", "3", "2", "1", "0"));
}

TEST_F(ActivityTest, text_is_searched_as_text) {
  {
    Recorder recorder(*database_, clock_, *log_);
    store::Activity job = entry("Job accepted");
    job.job_id = "job_abc";
    recorder.add(job);
    recorder.add(entry("100% _done_!"));
  }
  const auto with = [&](const char* text) {
    return messages({.account_id = "acc_1", .text = text}).size();
  };
  EXPECT_EQ(with("ACCEPTED"), 1u);
  EXPECT_EQ(with("ABC"), 1u);
  EXPECT_EQ(with("0% _D"), 1u);
  EXPECT_EQ(with("!"), 1u);
  EXPECT_EQ(with("j%d"), 0u);
  EXPECT_EQ(with("' OR 1=1 --"), 0u);
}

}  // namespace
}  // namespace cad::activity
