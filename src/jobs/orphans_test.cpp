// SPDX-License-Identifier: Apache-2.0
#include "jobs/orphans.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "jobs/jobs_fixture.hpp"
#include "jobs/store_watch.hpp"

namespace cad::jobs {
namespace {

std::int64_t real_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

TEST_F(JobsTest, orphans_go_and_everything_wanted_stays) {
  const auto waiting = submit(kDxf)->job.id;
  const auto done = submit(kDxf)->job.id;
  ASSERT_TRUE(
      database_->write("UPDATE jobs SET status='COMPLETED', attempt=2, result_attempt=2"
                       " WHERE id=$1",
                       {done}));
  blobs_.put(part_key(done, 2, "result", 0), "wanted");
  blobs_.put(part_key(done, 1, "result", 0), "of a lost attempt");
  blobs_.put(part_key(waiting, 1, "result", 0), "of a lost attempt");
  blobs_.put("uploads/job_gone", "no row");
  blobs_.put("results/ne/job_gone-1-png-0", "no row");
  in_flight_.add("job_flying");
  blobs_.put("uploads/job_flying", "its row comes in a moment");
  EXPECT_EQ(sweep_orphans(*services_)->objects, 4);
  EXPECT_EQ(blobs_.count(), 4u);
  EXPECT_TRUE(blobs_.open(part_key(done, 2, "result", 0)));
  EXPECT_TRUE(blobs_.open("uploads/job_flying"));
  in_flight_.remove("job_flying");
  EXPECT_EQ(sweep_orphans(*services_)->objects, 1);
}

TEST_F(JobsTest, S04_what_another_node_has_just_uploaded_is_no_orphan_yet) {
  blobs_.put(upload_key("job_young"), "x");
  blobs_.put(upload_key("job_nobodys"), "x");
  blobs_.modified_ms[upload_key("job_young")] = real_now();
  blobs_.modified_ms[upload_key("job_nobodys")] = real_now() - 60'000;
  EXPECT_EQ(sweep_orphans(*services_, {30'000ms, 0ms})->objects, 1);
  EXPECT_TRUE(blobs_.open(upload_key("job_young")));
  EXPECT_FALSE(blobs_.open(upload_key("job_nobodys")));
}

TEST_F(JobsTest, probes_that_a_dead_node_left_go_and_those_under_way_stay) {
  const std::string left = std::string(kProbes) + "left", young = std::string(kProbes) + "young";
  blobs_.put(left, "Is the store back?");
  blobs_.put(young, "Is the store back?");
  blobs_.modified_ms[left] = real_now() - 16 * 60'000;
  blobs_.modified_ms[young] = real_now() - 60'000;
  EXPECT_EQ(sweep_orphans(*services_)->objects, 1);
  EXPECT_FALSE(blobs_.open(left));
  EXPECT_TRUE(blobs_.open(young));
}

// A store may date an object by when its upload began.
TEST_F(JobsTest, S04_what_becomes_a_job_while_it_is_suspected_stays) {
  store::Job job = submit(kDxf)->job;
  job.id = job.uuid = "job_becomes";
  blobs_.put(upload_key("job_becomes"), "x");
  blobs_.put(upload_key("job_nobodys"), "x");
  std::jthread other([&] {
    while (blobs_.pages == 0) std::this_thread::sleep_for(1ms);
    EXPECT_TRUE(services_->jobs().insert(job, {}));
  });
  EXPECT_EQ(sweep_orphans(*services_, {0ms, 3'000ms})->objects, 1);
  EXPECT_TRUE(blobs_.open(upload_key("job_becomes")));
  EXPECT_FALSE(blobs_.open(upload_key("job_nobodys")));
}

TEST_F(JobsTest, orphans_of_any_number_go_in_few_requests) {
  for (int i = 0; i < 2500; ++i) blobs_.put(upload_key("job_" + std::to_string(i)), "x");
  blobs_.removals = 0;
  EXPECT_EQ(sweep_orphans(*services_)->objects, 2500);
  EXPECT_EQ(blobs_.count(), 0u);
  EXPECT_LE(blobs_.removals, 3);
}

TEST_F(JobsTest, a_sweep_of_orphans_stops_when_it_is_told) {
  for (int i = 0; i < 10; ++i) blobs_.put(upload_key("job_" + std::to_string(i)), "x");
  std::atomic<bool> stop = true;
  EXPECT_EQ(sweep_orphans(*services_, {}, [&] { return stop.load(); })->objects, 0);
  EXPECT_EQ(blobs_.pages, 1);
  stop = false;
  std::jthread later([&] {
    std::this_thread::sleep_for(50ms);
    stop = true;
  });
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(sweep_orphans(*services_, {0ms, 60'000ms}, [&] { return stop.load(); })->objects, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 30s) << "in the middle of its waiting";
  EXPECT_EQ(blobs_.count(), 10u);
}

}  // namespace
}  // namespace cad::jobs
