// SPDX-License-Identifier: Apache-2.0
// An object store that is away, or has troubles of its own, never costs a job anything but time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <csignal>
#include <sstream>

#include "jobs/jobs_fixture.hpp"

namespace cad::jobs {
namespace {

class StoreOutage : public JobsTest {
 protected:
  // All limits are as they are in service, but for the pauses.
  static RunnerOptions options() {
    RunnerOptions options;
    options.threads = 2;
    options.look_every = 1ms;
    options.store_pause = 0ms;
    return options;
  }
  // As the sandbox: a part that cannot be stored ends the worker.
  RunWorker worker() {
    return [this](const auto&, const auto& drawing, const auto& callbacks, const auto&) {
      std::array<std::byte, 16> head;
      ++started_;
      if (!drawing(head)) return report(WorkerEnd::failed_to_start);
      if (!callbacks.parts->write(PartKind::result, 0, bytes("{}")))
        return report(WorkerEnd::failed_to_start);
      return report(WorkerEnd::completed);
    };
  }
  // Runners at work while nothing below the prefix is to be had.
  std::unique_ptr<Runners> run_without(std::string_view prefix, ErrorCode why) {
    blobs_.away_below = prefix;
    blobs_.away_as = why;
    blobs_.away = true;
    auto runners = std::make_unique<Runners>(*services_, options(), worker());
    runners->start();
    return runners;
  }
  void expect_completed(const std::string& id) {
    EXPECT_TRUE(soon([&] { return store::is_final(stored(id).status); }));
    const store::Job job = stored(id);
    EXPECT_EQ(job.status, store::JobStatus::completed) << job.error_code.value_or("");
    EXPECT_EQ(job.failures, 0);
    EXPECT_TRUE(blobs_.open(part_key(id, job.result_attempt.value_or(0), "pack", 0)));
  }

  std::atomic<int> started_ = 0;
};

TEST_F(StoreOutage, while_the_store_is_away_no_job_is_taken) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(submit(kDxf)->job.id);
  std::ostringstream told;
  spdlog::logger log("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(told));
  const Services services = services_with(*database_, *queue_, log);
  auto runners = std::make_unique<Runners>(services, options(), worker());
  blobs_.away = true;
  runners->start();
  const auto attempts = [&] {
    std::int64_t sum = 0;
    for (const auto& id : ids) sum += stored(id).attempt;
    return sum;
  };
  ASSERT_TRUE(soon([&] { return attempts() > 0; }));
  std::this_thread::sleep_for(100ms);
  EXPECT_LE(attempts(), 2) << "each runner learns it once at most";
  blobs_.away = false;
  for (const auto& id : ids) expect_completed(id);
  runners.reset();  // before its services
  const std::string text = told.str();
  for (const char* line :
       {"event=backend_away what=job_store reason=", "event=backend_back what=job_store ms="}) {
    EXPECT_THAT(text, testing::HasSubstr(line));
    EXPECT_EQ(text.find(line), text.rfind(line)) << text;
  }
}

TEST_F(StoreOutage, an_upload_that_cannot_be_read_for_the_stores_sake_is_tried_for_ever) {
  for (const ErrorCode code :
       {ErrorCode::unavailable, ErrorCode::internal, ErrorCode::io, ErrorCode::conflict}) {
    const auto id = submit(kDxf)->job.id;
    // The rest of the store answers, so that each attempt is one.
    auto runners = run_without("uploads/", code);
    EXPECT_TRUE(soon([&] { return stored(id).attempt > 2 * RunnerOptions{}.max_attempts; }));
    EXPECT_FALSE(store::is_final(stored(id).status));
    blobs_.away = false;
    expect_completed(id);
    runners.reset();  // before its services
    reopen_queue();
  }
}

TEST_F(StoreOutage, a_full_disk_is_no_fault_of_the_drawing) {
  const auto id = submit(kDxf)->job.id;
  auto runners = run_without("results/", ErrorCode::io);
  EXPECT_TRUE(soon([&] { return started_ > 2 * RunnerOptions{}.max_attempts; }));
  EXPECT_FALSE(store::is_final(stored(id).status));
  blobs_.away = false;
  expect_completed(id);
  runners.reset();  // before its services
}

TEST_F(StoreOutage, an_upload_that_is_gone_or_damaged_fails_its_job) {
  for (const ErrorCode code : {ErrorCode::not_found, ErrorCode::integrity}) {
    const auto id = submit(kDxf)->job.id;
    auto runners = run_without("uploads/", code);
    EXPECT_TRUE(soon([&] { return store::is_final(stored(id).status); }));
    runners.reset();  // before its services
    EXPECT_EQ(stored(id).error_code, to_string(code));
    EXPECT_EQ(stored(id).attempt, 1);
    blobs_.away = false;
    reopen_queue();
  }
}

TEST_F(StoreOutage, what_was_excused_is_told_apart_from_what_was_not) {
  const auto id = submit(kDxf)->job.id;
  auto runners = run_without("results/", ErrorCode::unavailable);
  EXPECT_TRUE(soon([&] { return started_ > 3; }));
  runners.reset();  // before its services
  const store::Job job = stored(id);
  EXPECT_EQ(job.status, store::JobStatus::pending);
  EXPECT_EQ(job.excused, job.attempt);
  blobs_.away = false;
  reopen_queue();
  const store::Job crashed = run(id, {report(WorkerEnd::crashed, SIGSEGV)});
  EXPECT_EQ(crashed.error_code, "PARSE_CRASHED");
  EXPECT_EQ(crashed.attempt, job.attempt + 2);
  EXPECT_EQ(crashed.excused, job.excused);
}

}  // namespace
}  // namespace cad::jobs
