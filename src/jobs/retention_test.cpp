// SPDX-License-Identifier: Apache-2.0
// What goes when: uploads, results, accounts, and nothing while somebody still reads it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/jobs_fixture.hpp"
#include "jobs/orphans.hpp"
#include "jobs/status.hpp"

namespace cad::jobs {
namespace {

constexpr UnixMs kHour = 3600 * 1000;

class Retention : public JobsTest {
 protected:
  std::string completed() {
    const auto id = submit(kDxf)->job.id;
    EXPECT_EQ(run(id, {report(WorkerEnd::completed)}).status, store::JobStatus::completed);
    reopen_queue();
    return id;
  }
  bool has_upload(const std::string& id) { return blobs_.open(upload_key(id)).has_value(); }
};

TEST_F(Retention, S04_an_upload_goes_at_its_own_age_and_its_result_stays) {
  services_->settings.upload_retention = 1h;
  const auto id = completed();
  now_ += kHour - 1;
  EXPECT_EQ(sweep_expired(*services_)->uploads, 0);
  EXPECT_TRUE(has_upload(id));
  now_ += 1;
  const auto swept = sweep_expired(*services_).value();
  EXPECT_EQ(swept.uploads, 1);
  EXPECT_EQ(swept.jobs, 0);
  EXPECT_FALSE(has_upload(id));
  EXPECT_TRUE(stored(id).upload_gone);
  EXPECT_TRUE(blobs_.open(part_key(id, 1, "pack", 0)));
  EXPECT_EQ(sweep_expired(*services_)->uploads, 0);
}

TEST_F(Retention, S04_more_uploads_than_one_batch_go_in_one_sweep) {
  services_->settings.upload_retention = 1h;
  const auto job = submit(kDxf)->job;
  for (int i = 0; i < 450; ++i) {
    store::Job more = job;
    more.id = "job_" + std::to_string(i);
    more.uuid = more.id;
    ASSERT_TRUE(services_->jobs().insert(more, {}));
    blobs_.put(upload_key(more.id), "x");
  }
  now_ += kHour;
  EXPECT_EQ(sweep_expired(*services_)->uploads, 451);
  EXPECT_EQ(blobs_.count(), 0u);
}

TEST_F(Retention, S04_a_job_whose_upload_reached_its_age_before_its_turn_fails_and_says_so) {
  services_->settings.upload_retention = 1h;
  const auto id = submit(kDxf)->job.id;
  now_ += kHour;
  ASSERT_EQ(sweep_expired(*services_)->uploads, 1);
  const store::Job job = run(id, {report(WorkerEnd::completed)});
  EXPECT_EQ(job.status, store::JobStatus::failed);
  EXPECT_THAT(job.error_msg.value_or(""), testing::HasSubstr("age limit"));
}

TEST_F(Retention, S04_the_results_age_can_be_shorter_too) {
  services_->settings.retention = 1h;
  const auto id = completed();
  now_ += kHour;
  const auto swept = sweep_expired(*services_).value();
  EXPECT_EQ(swept.jobs, 1);
  EXPECT_EQ(swept.objects, 2);
  EXPECT_FALSE(services_->jobs().find(id));
}

TEST_F(Retention, S04_an_upload_that_a_crash_left_after_its_mark_goes_with_the_orphans) {
  const auto id = completed();
  // drop_upload() up to the crash.
  ASSERT_TRUE(services_->jobs().mark_upload_gone(id, now_));
  EXPECT_TRUE(has_upload(id));
  EXPECT_EQ(sweep_orphans(*services_)->objects, 1);
  EXPECT_FALSE(has_upload(id));
}

TEST_F(Retention, S04_a_result_that_is_being_read_is_read_to_its_end_though_its_job_goes) {
  const auto id = completed();
  auto reader = blobs_.open(part_key(id, 1, "pack", 0)).value();
  now_ += 8 * 24 * kHour;
  ASSERT_EQ(sweep_expired(*services_)->jobs, 1);
  std::array<std::byte, 2> text{};
  EXPECT_EQ(reader->read(0, text).value(), 2u);
  EXPECT_EQ(text[0], std::byte{'{'});
}

TEST_F(Retention, S04_sweepers_runners_and_deletions_at_once_leave_what_is_wanted_and_only_that) {
  RunnerOptions options;
  options.threads = 2;
  options.look_every = 5ms;
  Runners runners(*services_, options,
                  [&](const auto&, const auto& drawing, const auto& callbacks, const auto&) {
                    std::array<std::byte, 16> head;
                    EXPECT_TRUE(drawing(head));
                    EXPECT_TRUE(callbacks.parts->write(PartKind::result, 0, bytes("{}")));
                    return report(WorkerEnd::completed);
                  });
  events_.on_removed([&](const std::string& job) { runners.cancel(job); });
  runners.start();
  std::vector<std::string> kept;
  {
    std::atomic<bool> stop = false;
    std::jthread sweeper([&] {
      while (!stop) {
        EXPECT_TRUE(sweep_orphans(*services_));
        EXPECT_TRUE(sweep_expired(*services_));
      }
    });
    for (int i = 0; i < 60; ++i) {
      const auto id = submit(kDxf)->job.id;
      if (i % 3 == 0) {
        EXPECT_TRUE(delete_job(*services_, principal_, id));
      } else {
        kept.push_back(id);
      }
    }
    for (const auto& id : kept)
      for (int i = 0; i < 2000 && !store::is_final(stored(id).status); ++i)
        std::this_thread::sleep_for(2ms);
    stop = true;
  }
  runners.stop();
  events_.on_removed(nullptr);
  for (const auto& id : kept) {
    EXPECT_EQ(stored(id).status, store::JobStatus::completed);
    EXPECT_TRUE(has_upload(id));
    EXPECT_TRUE(blobs_.open(part_key(id, *stored(id).result_attempt, "pack", 0)));
  }
  EXPECT_EQ(blobs_.count(), 2 * kept.size());
}

TEST_F(Retention, S04_an_account_is_purged_with_everything_and_the_others_stay) {
  store::KeyRepository keys(*database_);
  store::ApiKey other;
  other.id = "key_other";
  other.account_id = "acc_other";
  other.hash = "other";
  ASSERT_TRUE(store::add_account_of(*database_, other));
  const auto mine = completed();
  SubmitFields fields;
  fields.idempotency_key = "once";
  ASSERT_TRUE(submit(kDxf, fields));
  principal_ = {"key_other", "acc_other", "key_other", "parse"};
  const auto theirs = submit(kDxf)->job.id;
  principal_ = {"key", "acc", "key", "parse"};

  // Being uploaded while the account goes: refused when it is complete.
  Upload upload(*services_, principal_, "late.dxf");
  ASSERT_TRUE(upload.write(bytes(kDxf)));
  ASSERT_TRUE(upload.end_of_file());
  std::vector<std::string> cancelled;
  events_.on_removed([&](const std::string& id) { cancelled.push_back(id); });
  const auto swept = purge_account(*services_, "acc");
  ASSERT_TRUE(swept) << swept.error().message;
  EXPECT_EQ(swept->jobs, 2);
  EXPECT_EQ(swept->objects, 3);
  EXPECT_EQ(cancelled.size(), 2u);
  EXPECT_FALSE(upload.finish({}));

  EXPECT_FALSE(services_->jobs().find(mine));
  EXPECT_TRUE(services_->jobs().find(theirs));
  EXPECT_EQ(blobs_.count(), 1u);
  EXPECT_FALSE(keys.find_by_hash(""));
  EXPECT_TRUE(keys.find_by_hash("other"));
  EXPECT_EQ(database_->read("SELECT token FROM idempotency", {})->rows.size(), 0u);
  EXPECT_EQ(purge_account(*services_, "acc")->jobs, 0) << "a second time is no error";
}

TEST_F(Retention, S04_what_a_job_leaves_is_removed_in_few_requests) {
  const auto job = submit(kDxf)->job;
  for (int i = 0; i < 250; ++i) {
    store::Job more = job;
    more.id = more.uuid = "job_" + std::to_string(i);
    ASSERT_TRUE(services_->jobs().insert(more, {}));
    for (const char* kind : {"result", "slots", "png"})
      blobs_.put(part_key(more.id, 1, kind, 0), "x");
  }
  now_ += 7 * 24 * kHour;
  blobs_.removals = 0;
  const auto swept = sweep_expired(*services_);
  EXPECT_EQ(swept->jobs, 251);
  EXPECT_EQ(swept->objects, 251 + 3 * 250);
  EXPECT_EQ(blobs_.count(), 0u);
  EXPECT_LE(blobs_.removals, 3) << "one for each two hundred jobs, one for uploads";
}

TEST_F(Retention, S04_a_sweep_that_is_to_stop_stops) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(submit(kDxf));
  now_ += 7 * 24 * kHour;
  int asked = 0;
  EXPECT_EQ(sweep_expired(*services_, [&] { return ++asked > 2; })->jobs, 1);
  EXPECT_EQ(blobs_.count(), 4u) << "what was begun was done";
  EXPECT_EQ(sweep_expired(*services_)->jobs, 4);
}

// As when its owner deletes it in the same moment.
TEST_F(Retention, a_job_that_another_removes_meanwhile_is_not_counted_twice) {
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(submit(kDxf)->job.id);
  now_ += 7 * 24 * kHour;
  int asked = 0;
  const auto swept = sweep_expired(*services_, [&] {
    if (++asked == 2) {
      EXPECT_TRUE(services_->jobs().remove(ids[1]).value());
    }
    return false;
  });
  EXPECT_EQ(swept->jobs, 2);
  EXPECT_EQ(swept->objects, 2);
  EXPECT_TRUE(has_upload(ids[1])) << "the other's to remove";
}

}  // namespace
}  // namespace cad::jobs
