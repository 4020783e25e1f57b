// SPDX-License-Identifier: Apache-2.0
// Nothing of a job stays: no process, no descriptor, no signal.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "run_probe.hpp"
#include "test_paths.hpp"

namespace cad::sandbox {
namespace {

using std::chrono::milliseconds;

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// One of every kind of end, in turn.
WorkerEnd run_mixed(int number) {
  ProbeCall call;
  switch (number % 10) {
    case 0: call.act = "segfault"; break;
    case 1: call.act = "garbage"; break;
    case 2: call.act = "open a file"; break;
    case 3:
      call.act = "hang";
      call.limits.wall = milliseconds(20);
      break;
    case 4:
      call.act = "exit 3";
      call.drawing.resize(3'000'000);
      break;
    case 5:
      call.act = "reject";
      call.drawing.resize(3'000'000);
      break;
    case 6:
      call.act = "answer before reading";
      call.limits.output_bytes = 1 << 20;
      break;
    case 7: call.act = "close stdout"; break;
    case 8: call.program = "no_such_program"; break;
    default: call.act = "healthy"; break;
  }
  return run_probe(call).report.end;
}

WorkerEnd expected_of_mixed(int number) {
  constexpr WorkerEnd kEnds[] = {WorkerEnd::crashed,         WorkerEnd::crashed,
                                 WorkerEnd::crashed,         WorkerEnd::wall_limit,
                                 WorkerEnd::crashed,         WorkerEnd::rejected,
                                 WorkerEnd::output_limit,    WorkerEnd::crashed,
                                 WorkerEnd::failed_to_start, WorkerEnd::completed};
  return kEnds[number % 10];
}

// CADLENS_SOAK=500 for the long one.
TEST(Leaks, S18_mixed_jobs_from_many_threads_leave_nothing_behind) {
  const char* wish = std::getenv("CADLENS_SOAK");
  const int jobs = wish != nullptr ? std::atoi(wish) : 100;
  run_mixed(9);
  const std::size_t before = open_descriptors();
  std::atomic<int> next = 0;
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 6; ++t) {
      threads.emplace_back([&] {
        for (int i = next++; i < jobs; i = next++) {
          if (run_mixed(i) != expected_of_mixed(i)) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);  // no child, not even a dead one
  EXPECT_EQ(errno, ECHILD);
}

TEST(Leaks, sigpipe_neither_ends_the_caller_nor_stays_pending) {
  ProbeCall call{"exit 3"};
  call.drawing.resize(8'000'000);
  EXPECT_EQ(run_probe(call).report.end, WorkerEnd::crashed);
  sigset_t pending;
  ASSERT_EQ(sigpending(&pending), 0);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
  sigset_t blocked;
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &blocked), 0);
  EXPECT_EQ(sigismember(&blocked, SIGPIPE), 0);
}

// Running: there and no zombie waiting for whoever adopted it.
bool is_running(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')');
  return name_end != std::string::npos && text.size() > name_end + 2 && text[name_end + 2] != 'Z';
}

// Tells the process id of its worker through a pipe.
struct TellPid : PartSink {
  explicit TellPid(int pipe) : fd(pipe) {}
  Result<void> write(PartKind kind, std::uint32_t, std::span<const std::byte> bytes) override {
    if (kind == PartKind::result && ::write(fd, bytes.data(), bytes.size()) < 0) _exit(1);
    return {};
  }
  int fd;
};

TEST(Leaks, S18_a_worker_does_not_outlive_a_killed_service) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t service = fork();
  if (service == 0) {
    const std::atomic<bool> never = false;
    TellPid tell(ends[1]);
    WorkerRequest request;
    request.file_name = "process id then hang";
    run_worker(cad::test_paths::binary_dir + "/sandbox_probe", request, source_of(""),
               {&tell, nullptr}, never);
    _exit(0);
  }
  char text[32] = "";
  ASSERT_GT(read(ends[0], text, sizeof text - 1), 0);
  const pid_t worker = std::atoi(text);
  ASSERT_GT(worker, 1);
  EXPECT_TRUE(is_running(worker));
  ASSERT_EQ(kill(service, SIGKILL), 0);
  ASSERT_EQ(waitpid(service, nullptr, 0), service);
  for (int i = 0; i < 100 && is_running(worker); ++i) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_FALSE(is_running(worker));
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace cad::sandbox
