// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "crypto/bytes.hpp"
#include "jobs/jobs_fixture.hpp"
#include "jobs/names.hpp"
#include "jobs/part_store.hpp"
#include "jobs/remove.hpp"
#include "jobs/status.hpp"

namespace cad::jobs {
namespace {

TEST_F(JobsTest, an_upload_becomes_a_waiting_job) {
  const auto done = submit(kDxf, {}, "C:\\plans\\house.dxf");
  ASSERT_TRUE(done) << done.error().message;
  const store::Job job = stored(done->job.id);
  EXPECT_EQ(job.file_name, "house.dxf");
  EXPECT_EQ(job.file_size, static_cast<std::int64_t>(kDxf.size()));
  EXPECT_EQ(job.format, "DXF");
  EXPECT_EQ(job.status, store::JobStatus::pending);
  EXPECT_EQ(job.expires_at - job.created_at, 7 * 24 * 3600 * 1000ll);
  EXPECT_TRUE(blobs_.open(upload_key(job.id)));
  EXPECT_EQ(queue_->waiting().value(), 1);
}

TEST_F(JobsTest, S16_a_file_is_judged_by_its_content_before_anything_is_stored) {
  const std::string png = "\x89PNG\r\n\x1a\n" + std::string(10'000, 'x');
  for (const std::string& content : {png, std::string("AC1009") + std::string(10'000, '\0'),
                                     std::string("hello"), std::string()}) {
    Upload upload(*services_, principal_, "renamed.dxf");
    Result<void> done = upload.write(bytes(content));
    if (done) done = upload.end_of_file();
    ASSERT_FALSE(done) << content.substr(0, 6);
  }
  EXPECT_EQ(blobs_.created, 0);
  EXPECT_TRUE(submit(kDxf, {}, "renamed.png")) << "the name decides nothing";
}

TEST_F(JobsTest, S17_too_large_a_file_is_refused_while_it_streams_and_leaves_nothing) {
  services_->settings.max_upload_bytes = 10'000;
  Upload upload(*services_, principal_, "a.dxf");
  const std::string block = std::string(kDxf.substr(0, 20)) + std::string(4980, '\n');
  ASSERT_TRUE(upload.write(bytes(block)));
  ASSERT_TRUE(upload.write(bytes(block)));
  const auto more = upload.write(bytes("x"));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(blobs_.count(), 0u);
  EXPECT_EQ(queue_->waiting().value(), 0);
}

TEST_F(JobsTest, an_idempotency_key_gives_the_same_job_for_the_same_form_only) {
  SubmitFields fields;
  fields.idempotency_key = "once";
  const auto first = submit(kDxf, fields);
  const auto again = submit(kDxf, fields);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->job.id, first->job.id);
  EXPECT_TRUE(again->replayed);
  EXPECT_TRUE(submit(std::string(kDxf) + "\n", fields)->clash);
  EXPECT_TRUE(submit(kDxf, fields, "other.dxf")->clash);
  fields.webhook_url = "https://example.com";
  EXPECT_TRUE(submit(kDxf, fields)->clash);
  EXPECT_EQ(blobs_.count(), 1u) << "only the first upload is kept";
  fields.webhook_url.reset();
  now_ += 24 * 3600 * 1000;
  EXPECT_NE(submit(kDxf, fields)->job.id, first->job.id) << "a day later the key is free";
}

TEST_F(JobsTest, a_full_queue_is_told) {
  services_->settings.max_waiting = 1;
  EXPECT_TRUE(has_room_in_queue(*services_).value());
  ASSERT_TRUE(submit(kDxf));
  EXPECT_FALSE(has_room_in_queue(*services_).value());
}

TEST_F(JobsTest, a_completed_job_has_its_parts_and_keeps_its_upload) {
  const auto id = submit(kDxf)->job.id;
  const store::Job job = run(id, {report(WorkerEnd::completed)});
  EXPECT_EQ(job.status, store::JobStatus::completed);
  EXPECT_EQ(job.result_attempt, 1);
  EXPECT_TRUE(open_part(blobs_, id, 1, PartKind::result, 0));
  EXPECT_TRUE(blobs_.open(upload_key(id)));
  EXPECT_EQ(services_->jobs().parts(id)->size(), 1u);
  drop_upload(*services_, id);
  EXPECT_FALSE(blobs_.open(upload_key(id)));
  EXPECT_TRUE(stored(id).upload_gone);
}

TEST_F(JobsTest, S22_only_what_is_to_be_delivered_is_announced) {
  std::atomic<int> announced = 0;
  events_.on_announced([&] { ++announced; });
  const auto run_with = [&](const SubmitFields& fields) {
    announced = 0;
    run(submit(kDxf, fields)->job.id, {report(WorkerEnd::completed)});
    return announced.load();
  };
  SubmitFields hook, mail;
  hook.webhook_url = "https://example.com";
  mail.notify_email = "a@example.com";
  EXPECT_EQ(run_with({}), 0);
  EXPECT_EQ(run_with(hook), 2);
  EXPECT_GT(run_with(mail), 0);
  events_.on_announced(nullptr);
}

TEST_F(JobsTest, a_worker_killed_from_outside_is_tried_again) {
  const auto id = submit(kDxf)->job.id;
  const store::Job job =
      run(id, {report(WorkerEnd::crashed, SIGKILL), report(WorkerEnd::out_of_memory, SIGKILL),
               report(WorkerEnd::completed)});
  EXPECT_EQ(job.status, store::JobStatus::completed);
  EXPECT_EQ(job.result_attempt, 3);
  EXPECT_EQ(blobs_.count(), 2u) << "upload and one result; nothing of the attempts that failed";
}

TEST_F(JobsTest, S18_a_forbidden_call_is_not_tried_again) {
  const auto id = submit(kDxf)->job.id;
  const store::Job job =
      run(id, {report(WorkerEnd::crashed, SIGSYS), report(WorkerEnd::completed)});
  EXPECT_EQ(job.status, store::JobStatus::failed);
  EXPECT_EQ(job.error_code, "PARSE_CRASHED");
  EXPECT_EQ(job.attempt, 1);
}

TEST_F(JobsTest, S18_output_is_bounded_by_what_the_drawing_can_give) {
  EXPECT_EQ(output_limit(0, 8ull << 30), 256u << 20);
  EXPECT_EQ(output_limit(1'000'000, 8ull << 30), (256u << 20) + 64'000'000u);
  EXPECT_EQ(output_limit(1ull << 40, 8ull << 30), 8ull << 30);
  EXPECT_EQ(output_limit(1'000'000, 1'000), 1'000u);
}

TEST_F(JobsTest, a_worker_killed_each_time_fails_with_a_reason_of_ours) {
  const auto id = submit(kDxf)->job.id;
  const store::Job job = run(id, {report(WorkerEnd::crashed, SIGKILL)});
  EXPECT_EQ(job.status, store::JobStatus::failed);
  EXPECT_EQ(job.error_code, "WORKER_KILLED");
  EXPECT_EQ(attempts_, 3u);
}

TEST_F(JobsTest, a_drawing_that_crashes_the_reader_twice_fails) {
  const auto id = submit(kDxf)->job.id;
  const store::Job job = run(id, {report(WorkerEnd::crashed, SIGSEGV)});
  EXPECT_EQ(job.error_code, "PARSE_CRASHED");
  EXPECT_EQ(attempts_, 2u);
}

TEST_F(JobsTest, S18_each_end_has_its_reason_and_the_upload_of_a_failed_job_goes_at_once) {
  const struct {
    WorkerEnd end;
    const char* code;
  } cases[] = {{WorkerEnd::out_of_memory, "OUT_OF_MEMORY"},
               {WorkerEnd::cpu_limit, "CPU_LIMIT"},
               {WorkerEnd::wall_limit, "TIME_LIMIT"},
               {WorkerEnd::output_limit, "OUTPUT_LIMIT"},
               {WorkerEnd::rejected, "DAMAGED_DRAWING"},
               {WorkerEnd::failed_to_start, "WORKER_UNAVAILABLE"}};
  for (const auto& one : cases) {
    const auto id = submit(kDxf)->job.id;
    const store::Job job = run(id, {report(one.end)});
    EXPECT_EQ(job.status, store::JobStatus::failed);
    EXPECT_EQ(job.error_code, one.code);
    EXPECT_THAT(job.error_msg.value_or(""), testing::EndsWith("."));
    EXPECT_TRUE(job.upload_gone);
    EXPECT_EQ(blobs_.count(), 0u) << one.code;
    reopen_queue();
  }
}

TEST_F(JobsTest, what_happens_to_jobs_is_counted) {
  metrics::Metrics metrics;
  services_->metrics = &metrics;
  (void)run(submit(kDxf)->job.id, {report(WorkerEnd::crashed, SIGSEGV)});
  const std::string text = metrics.registry.text();
  for (const char* line :
       {"cadlens_jobs_accepted_total{format=\"DXF\"} 1\n", "cadlens_queue_wait_seconds_count 1\n",
        "cadlens_parse_seconds_count{format=\"DXF\",outcome=\"crashed\"} 2\n",
        "cadlens_worker_kills_total{reason=\"crashed\",signal=\"SIGSEGV\"} 2\n",
        "cadlens_jobs_ended_total{status=\"failed\"} 1\n", "cadlens_jobs_in_progress 0\n"})
    EXPECT_THAT(text, testing::HasSubstr(line));
}

TEST_F(JobsTest, a_stop_gives_running_jobs_back_without_counting_it_against_them) {
  const auto id = submit(kDxf)->job.id;
  RunnerOptions options;
  options.threads = 1;
  std::atomic<bool> started = false;
  Runners runners(*services_, options,
                  [&](const auto&, const auto&, const auto&, const std::atomic<bool>& cancel) {
                    started = true;
                    while (!cancel) std::this_thread::sleep_for(1ms);
                    return report(WorkerEnd::cancelled);
                  });
  runners.start();
  while (!started) std::this_thread::sleep_for(1ms);
  runners.stop();
  const store::Job job = stored(id);
  EXPECT_EQ(job.status, store::JobStatus::pending);
  EXPECT_EQ(job.failures, 0);
  EXPECT_EQ(job.attempt, 1);
}

TEST_F(JobsTest, deleting_a_running_job_stops_it_and_leaves_nothing) {
  const auto id = submit(kDxf)->job.id;
  RunnerOptions options;
  options.threads = 1;
  std::atomic<bool> started = false, counted = false, ended = false;
  Runners runners(*services_, options,
                  [&](const auto&, const auto&, const auto& callbacks, const auto& cancel) {
                    EXPECT_TRUE(callbacks.parts->write(PartKind::png, 0, bytes("{")));
                    EXPECT_TRUE(callbacks.parts->write(PartKind::slots, 0, bytes("{")));
                    while (blobs_.count() < 2) std::this_thread::sleep_for(1ms);
                    started = true;
                    // The runner, too, removes the parts of an attempt that was stopped.
                    while (!cancel || !counted) std::this_thread::sleep_for(1ms);
                    ended = true;
                    return report(WorkerEnd::cancelled);
                  });
  events_.on_removed([&](const std::string& job) { runners.cancel(job); });
  runners.start();
  while (!started) std::this_thread::sleep_for(1ms);
  const auto removed = delete_job(*services_, principal_, id);
  counted = true;
  ASSERT_TRUE(removed);
  EXPECT_EQ(*removed, 2) << "the upload and the part that was complete";
  while (!ended) std::this_thread::sleep_for(1ms);
  runners.stop();
  events_.on_removed(nullptr);
  EXPECT_FALSE(services_->jobs().find(id));
  EXPECT_EQ(blobs_.count(), 0u);
}

TEST_F(JobsTest, S19_another_key_can_neither_see_nor_delete_a_job) {
  const auto id = submit(kDxf)->job.id;
  const auth::Principal other{"other", "acc", "other", "parse"};
  EXPECT_EQ(find_job(*services_, other, id).error().code, ErrorCode::not_found);
  EXPECT_EQ(delete_job(*services_, other, id).error().code, ErrorCode::not_found);
  EXPECT_TRUE(list_jobs(*services_, other, {})->jobs.empty());
  EXPECT_TRUE(find_job(*services_, principal_, id));
}

TEST_F(JobsTest, S04_what_is_over_its_age_goes_with_all_that_is_its_own) {
  const auto old = submit(kDxf)->job.id;
  run(old, {report(WorkerEnd::completed)});
  now_ += 1000;
  const auto young = submit(kDxf)->job.id;
  now_ += 7 * 24 * 3600 * 1000ll - 1001;
  EXPECT_EQ(sweep_expired(*services_)->jobs, 0);
  now_ += 1;
  const auto swept = sweep_expired(*services_);
  EXPECT_EQ(swept->jobs, 1);
  EXPECT_EQ(swept->objects, 2);
  EXPECT_FALSE(services_->jobs().find(old));
  EXPECT_TRUE(services_->jobs().find(young));
  EXPECT_EQ(blobs_.count(), 1u);
}

TEST(Cursor, comes_back_as_it_was_and_nothing_else_is_taken) {
  const auto back = decode_cursor(encode_cursor({123, "job_a"}));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->created_at, 123);
  EXPECT_EQ(back->id, "job_a");
  for (const char* wrong : {"", "x", "!!!", "MTIz", "YS5i"}) EXPECT_FALSE(decode_cursor(wrong));
}

TEST(Names, are_cleaned_for_people) {
  EXPECT_EQ(clean_file_name("../../etc/passwd"), "passwd");
  EXPECT_EQ(clean_file_name("a\nb\x7f\xc2\x85.dxf"), "ab.dxf");
  EXPECT_EQ(clean_file_name("\xff.dxf"), "\xef\xbf\xbd.dxf");
  EXPECT_EQ(clean_file_name("Gr\xc3\xbc\xc3\x9f"
                            "e.dxf"),
            "Gr\xc3\xbc\xc3\x9f"
            "e.dxf");
  EXPECT_EQ(clean_file_name(".."), "drawing");
  EXPECT_EQ(clean_file_name("dir/"), "drawing");
  const std::string cut = clean_file_name(std::string(254, 'a') + "\xc3\xbc");
  EXPECT_EQ(cut, std::string(254, 'a')) << "never in the middle of a character";
}

TEST(Names, times_are_iso_8601_with_milliseconds) {
  EXPECT_EQ(iso_time(1'778'667'262'007), "2026-05-13T10:14:22.007Z");
  EXPECT_THAT(crypto::random_uuid(), testing::MatchesRegex("[0-9a-f-]+"));
  EXPECT_EQ(crypto::random_uuid().size(), 36u);
}

}  // namespace
}  // namespace cad::jobs
