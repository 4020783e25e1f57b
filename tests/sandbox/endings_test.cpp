// SPDX-License-Identifier: Apache-2.0
// Every way a worker can end, each with a healthy job beside it that must not notice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "run_probe.hpp"
#include "test_paths.hpp"

namespace cad::sandbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;
using testing::Not;

// Runs the call while healthy jobs run beside it, one after another, from before to after.
ProbeRun run_beside_healthy_jobs(const ProbeCall& call) {
  std::atomic<bool> stop = false;
  std::atomic<int> completed = 0;
  std::atomic<int> failed = 0;
  std::jthread beside([&] {
    const std::string drawing(100'000, 'h');
    do {
      ProbeRun run = run_probe({"healthy", drawing});
      const bool good =
          run.report.end == WorkerEnd::completed && run.parts.result() == checksum(drawing);
      ++(good ? completed : failed);
    } while (!stop);
  });
  while (completed + failed == 0) std::this_thread::yield();
  ProbeRun run = run_probe(call);
  stop = true;
  beside.join();
  EXPECT_GT(completed, 0);
  EXPECT_EQ(failed, 0);
  return run;
}

TEST(Endings, S18_endless_loop_ends_at_the_cpu_limit) {
  ProbeCall call{"spin"};
  call.limits.cpu = std::chrono::seconds(1);
  const ProbeRun run = run_beside_healthy_jobs(call);
  EXPECT_EQ(run.report.end, WorkerEnd::cpu_limit);
  // The kernel counts the limit in ticks, which on a busy machine is not what it reports.
  EXPECT_GE(run.report.cpu, milliseconds(500));
  EXPECT_EQ(run.report.error->code, ErrorCode::limit_exceeded);
  EXPECT_THAT(run.report.error->message, HasSubstr("more than 1 second of computing time"));
}

TEST(Endings, S18_waiting_for_ever_ends_at_the_wall_limit) {
  ProbeCall call{"hang"};
  call.limits.wall = milliseconds(300);
  const ProbeRun run = run_beside_healthy_jobs(call);
  EXPECT_EQ(run.report.end, WorkerEnd::wall_limit);
  EXPECT_GE(run.report.wall, milliseconds(300));
  EXPECT_LT(run.report.wall, milliseconds(600));
  EXPECT_THAT(run.report.error->message, HasSubstr("within 300 ms"));
}

TEST(Endings, how_long_the_store_takes_does_not_count_at_the_wall_limit) {
  const std::string drawing = "a drawing";
  const auto quick = source_of(drawing);
  const ByteSource slow = [&quick](std::span<std::byte> into) {
    std::this_thread::sleep_for(milliseconds(1'500));
    return quick(into);
  };
  Collector parts;
  parts.pause = milliseconds(1'500);
  WorkerRequest request;
  request.file_name = "healthy";
  request.file_size = drawing.size();
  request.limits = ProbeCall{}.limits;
  request.limits.wall = milliseconds(1'200);
  const std::atomic<bool> never = false;
  const WorkerReport report = run_worker(cad::test_paths::binary_dir + "/sandbox_probe", request,
                                         slow, {&parts, nullptr}, never);
  EXPECT_EQ(report.end, WorkerEnd::completed);
  EXPECT_EQ(parts.result(), checksum(drawing));
}

TEST(Endings, S18_never_reading_a_large_drawing_ends_at_the_wall_limit) {
  ProbeCall call{"hang", std::string(20'000'000, 'd')};
  call.limits.wall = milliseconds(300);
  EXPECT_EQ(run_beside_healthy_jobs(call).report.end, WorkerEnd::wall_limit);
}

TEST(Endings, S18_eating_memory_ends_at_the_memory_limit) {
  const ProbeRun run = run_beside_healthy_jobs({"eat memory"});
  EXPECT_EQ(run.report.end, WorkerEnd::out_of_memory);
  EXPECT_EQ(run.report.error->code, ErrorCode::limit_exceeded);
  EXPECT_THAT(run.report.error->message, HasSubstr("more than 256 MB of memory"));
}

TEST(Endings, S18_asking_for_100_gigabytes_at_once_ends_at_the_memory_limit) {
  EXPECT_EQ(run_beside_healthy_jobs({"allocate 100 GB"}).report.end, WorkerEnd::out_of_memory);
}

TEST(Endings, S18_a_gigabyte_of_output_ends_at_the_output_limit) {
  const ProbeRun run = run_beside_healthy_jobs({"pour 1 GB"});
  EXPECT_EQ(run.report.end, WorkerEnd::output_limit);
  EXPECT_THAT(run.report.error->message, HasSubstr("larger than 64 MB"));
  std::size_t received = 0;
  for (const auto& [part, bytes] : run.parts.parts) received += bytes.size();
  EXPECT_LE(received, 64u << 20);
}

TEST(Endings, S18_a_crash_is_its_own_jobs_alone) {
  for (auto [act, signal] : {std::pair{"segfault", SIGSEGV}, std::pair{"abort", SIGABRT},
                             std::pair{"exit 3", 0}, std::pair{"close stdout", 0}}) {
    const ProbeRun run = run_beside_healthy_jobs({act});
    EXPECT_EQ(run.report.end, WorkerEnd::crashed) << act;
    EXPECT_EQ(run.report.signal, signal) << act;
    EXPECT_EQ(run.report.error->code, ErrorCode::internal) << act;
    EXPECT_THAT(run.report.error->message, HasSubstr("No other job was affected")) << act;
  }
}

TEST(Endings, S18_a_closed_output_does_not_hide_a_hanging_worker) {
  ProbeCall call{"close stdout and hang"};
  call.limits.wall = milliseconds(300);
  EXPECT_EQ(run_beside_healthy_jobs(call).report.end, WorkerEnd::wall_limit);
}

TEST(Endings, S18_a_flood_of_messages_is_cut) {
  ProbeRun run = run_beside_healthy_jobs({"flood stderr"});
  EXPECT_EQ(run.report.end, WorkerEnd::completed);
  EXPECT_EQ(run.report.log.size(), 4096u);
}

class Lie : public testing::TestWithParam<const char*> {};

TEST_P(Lie, S18_only_fails_its_own_job) {
  const ProbeRun run = run_beside_healthy_jobs({GetParam()});
  EXPECT_EQ(run.report.end, WorkerEnd::crashed);
  EXPECT_EQ(run.report.error->code, ErrorCode::internal);
  EXPECT_THAT(run.report.log, HasSubstr("broke the protocol"));
}

INSTANTIATE_TEST_SUITE_P(Endings, Lie,
                         testing::Values("garbage", "oversized part", "oversized error",
                                         "empty part", "unknown frame", "unknown part",
                                         "second result", "too many parts", "101 percent",
                                         "error that is no text", "done without a result",
                                         "short done", "done of a wrong length",
                                         "speaks after done"),
                         [](const testing::TestParamInfo<const char*>& lie) {
                           std::string name = lie.param;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name == "101_percent" ? "over_100_percent" : name;
                         });

TEST(Endings, half_a_frame_is_no_end) {
  EXPECT_EQ(run_probe({"half a frame"}).report.end, WorkerEnd::crashed);
}

TEST(Endings, a_refusal_carries_the_readers_reason) {
  const ProbeRun run = run_probe({"reject"});
  EXPECT_EQ(run.report.end, WorkerEnd::rejected);
  EXPECT_EQ(run.report.error->code, ErrorCode::not_a_drawing);
  EXPECT_EQ(run.report.error->message, "This is a picture, no drawing.");
}

TEST(Endings, a_refusal_cannot_pose_as_an_error_of_the_service) {
  EXPECT_EQ(run_probe({"reject with a secret code"}).report.error->code, ErrorCode::internal);
}

TEST(Endings, cancelling_takes_effect_within_a_tenth_of_a_second) {
  std::atomic<bool> cancel = false;
  steady_clock::time_point cancelled;
  std::jthread canceller([&] {
    std::this_thread::sleep_for(milliseconds(150));
    cancelled = steady_clock::now();
    cancel = true;
  });
  WorkerRequest request;
  request.file_name = "hang";
  const WorkerReport report = run_worker(cad::test_paths::binary_dir + "/sandbox_probe", request,
                                         source_of(""), {}, cancel);
  const auto reaction = steady_clock::now() - cancelled;
  EXPECT_EQ(report.end, WorkerEnd::cancelled);
  EXPECT_LT(reaction, milliseconds(100));
}

TEST(Endings, a_relative_path_to_the_worker_is_found) {
  const std::atomic<bool> never = false;
  WorkerRequest request;
  request.file_name = "healthy";
  const std::string path =
      std::filesystem::relative(cad::test_paths::binary_dir + "/sandbox_probe").string();
  EXPECT_EQ(run_worker(path, request, source_of(""), {}, never).end, WorkerEnd::completed);
}

TEST(Endings, failures_of_our_side_are_told_apart) {
  const std::atomic<bool> never = false;
  WorkerRequest request;
  request.file_name = "healthy";
  request.file_size = 100;

  WorkerReport report = run_worker("/nowhere/cadlens-worker", request, source_of(""), {}, never);
  EXPECT_EQ(report.end, WorkerEnd::failed_to_start);
  EXPECT_THAT(report.log, HasSubstr("/nowhere/cadlens-worker"));
  EXPECT_THAT(report.error->message, Not(HasSubstr("/nowhere")));  // users need not know it

  const std::string probe = cad::test_paths::binary_dir + "/sandbox_probe";
  report = run_worker(probe, request, source_of("too short"), {}, never);
  EXPECT_EQ(report.end, WorkerEnd::failed_to_start);
  EXPECT_EQ(report.error->code, ErrorCode::integrity);

  const auto broken = [](std::span<std::byte>) -> Result<std::size_t> {
    return fail(ErrorCode::io, "The disk is gone.");
  };
  report = run_worker(probe, request, broken, {}, never);
  EXPECT_EQ(report.end, WorkerEnd::failed_to_start);
  EXPECT_EQ(report.error->message, "The disk is gone.");

  Collector full;
  full.refuse = true;
  request.file_size = 0;
  report = run_worker(probe, request, source_of(""), {&full, nullptr}, never);
  EXPECT_EQ(report.end, WorkerEnd::failed_to_start);
  EXPECT_EQ(report.error->message, "The storage is full.");
}

}  // namespace
}  // namespace cad::sandbox
