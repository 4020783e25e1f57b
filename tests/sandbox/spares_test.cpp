// SPDX-License-Identifier: Apache-2.0
#include "sandbox/spares.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "run_probe.hpp"

namespace cad::sandbox {
namespace {

using std::chrono::milliseconds;

const WorkerLimits kLimits{256ull << 20, std::chrono::seconds(10), milliseconds(20'000),
                           64ull << 20};

std::string probe() { return cad::test_paths::binary_dir + "/sandbox_probe"; }

ProbeRun run_in(Spares& spares, const std::string& act, const WorkerLimits& limits = kLimits) {
  static const std::atomic<bool> never = false;
  ProbeRun run;
  WorkerRequest request;
  request.file_name = act;
  request.limits = limits;
  run.report = spares.run(request, source_of(""), {&run.parts, nullptr}, never);
  return run;
}

// Our children of that name.
std::set<pid_t> children(const std::string& name = "cadlens-worker") {
  std::set<pid_t> found;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream list(task.path() / "children");
    for (pid_t pid; list >> pid;) {
      std::string its_name;
      std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/comm"), its_name);
      if (its_name == name) found.insert(pid);
    }
  }
  return found;
}

// Until so many wait, under the name that a worker gives itself.
void await(const Spares& spares, std::size_t count) {
  for (int i = 0; i < 2000 && (spares.waiting() != count || children().size() < count); ++i)
    std::this_thread::sleep_for(milliseconds(5));
  ASSERT_EQ(spares.waiting(), count);
  ASSERT_EQ(children().size(), count);
}

TEST(Spares, S18_each_worker_serves_one_job) {
  Spares spares(probe(), kLimits, 2);
  std::set<std::string> pids;
  for (int i = 0; i < 5; ++i) {
    await(spares, 2);
    const auto before = children();
    ProbeRun run = run_in(spares, "process id");
    ASSERT_EQ(run.report.end, WorkerEnd::completed) << run.report.log;
    EXPECT_TRUE(before.contains(std::stoi(run.parts.result()))) << "it was started for the job";
    EXPECT_FALSE(children().contains(std::stoi(run.parts.result())));
    pids.insert(run.parts.result());
  }
  EXPECT_EQ(pids.size(), 5u);
}

TEST(Spares, S18_no_more_wait_than_asked_for_and_none_stays_behind) {
  {
    Spares spares(probe(), kLimits, 3);
    await(spares, 3);
  }
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
  Spares none(probe(), kLimits, 0);
  EXPECT_EQ(run_in(none, "process id").report.end, WorkerEnd::completed);
  EXPECT_EQ(none.waiting(), 0u);
}

TEST(Spares, S18_a_dead_one_costs_no_job) {
  Spares spares(probe(), kLimits, 2);
  await(spares, 2);
  for (const pid_t pid : children()) {
    ASSERT_EQ(kill(pid, SIGKILL), 0);
    siginfo_t info{};
    ASSERT_EQ(waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);
  }
  EXPECT_EQ(run_in(spares, "process id").report.end, WorkerEnd::completed);
}

TEST(Spares, S18_a_dead_zygote_costs_no_job) {
  Spares spares(probe(), kLimits, 0);
  EXPECT_EQ(run_in(spares, "process id").report.end, WorkerEnd::completed);
  const auto before = children("cadlens-zygote");
  ASSERT_EQ(before.size(), 1u);
  ASSERT_EQ(kill(*before.begin(), SIGKILL), 0);
  EXPECT_EQ(run_in(spares, "process id").report.end, WorkerEnd::completed);
  EXPECT_NE(children("cadlens-zygote"), before);
}

TEST(Zygote, S18_is_renewed_and_its_workers_outlive_it) {
  Zygote zygote(probe(), 2);
  const StartRequest request = start_request(kLimits);
  std::vector<Child> workers;
  std::set<pid_t> zygotes;
  for (int i = 0; i < 5; ++i) {
    auto worker = zygote.start(request);
    ASSERT_TRUE(worker) << worker.error().message;
    workers.push_back(std::move(*worker));
    zygotes.merge(children("cadlens-zygote"));
  }
  for (const Child& worker : workers) zygotes.erase(worker.pid);  // not yet renamed
  EXPECT_EQ(zygotes.size(), 3u);
  for (const Child& worker : workers) {
    EXPECT_EQ(waitpid(worker.pid, nullptr, WNOHANG), 0) << "a child of ours, and running";
    kill(worker.pid, SIGKILL);
    EXPECT_EQ(waitpid(worker.pid, nullptr, 0), worker.pid);
  }
}

TEST(Spares, S18_other_limits_get_a_worker_of_their_own) {
  Spares spares(probe(), kLimits, 1);
  await(spares, 1);
  const auto waiting = children();
  WorkerLimits more = kLimits;
  more.memory_bytes *= 2;
  ProbeRun run = run_in(spares, "process id", more);
  ASSERT_EQ(run.report.end, WorkerEnd::completed);
  EXPECT_FALSE(waiting.contains(std::stoi(run.parts.result())));
  EXPECT_EQ(children(), waiting);
}

TEST(Spares, S18_its_walls_and_limits_are_those_of_any_worker) {
  Spares spares(probe(), kLimits, 1);
  await(spares, 1);
  EXPECT_EQ(run_in(spares, "fork").report.end, WorkerEnd::crashed);
  await(spares, 1);
  EXPECT_EQ(run_in(spares, "eat memory").report.end, WorkerEnd::out_of_memory);
}

// In our session: beside others of its own the scheduler would not look at the nice value.
TEST(Spares, S18_long_computing_steps_back) {
  Spares spares(probe(), kLimits, 1);
  await(spares, 1);
  const auto waiting = children();
  ASSERT_EQ(waiting.size(), 1u);
  const auto pid = static_cast<id_t>(*waiting.begin());
  EXPECT_EQ(getsid(*waiting.begin()), getsid(0));
  EXPECT_NE(getpgid(*waiting.begin()), getpgid(0));
  const int before = getpriority(PRIO_PROCESS, pid);
  WorkerLimits limits = kLimits;
  limits.wall = milliseconds(3000);
  std::thread job(
      [&] { EXPECT_EQ(run_in(spares, "spin", limits).report.end, WorkerEnd::wall_limit); });
  int highest = before;
  for (int i = 0; i < 250 && highest == before; ++i) {
    std::this_thread::sleep_for(milliseconds(10));
    highest = std::max(highest, getpriority(PRIO_PROCESS, pid));
  }
  job.join();
  EXPECT_EQ(highest, std::min(before + 10, 19));
}

TEST(Spares, a_worker_that_is_missing_is_said_at_each_job) {
  Spares spares("/nowhere/cadlens-worker", kLimits, 1);
  EXPECT_EQ(run_in(spares, "process id").report.end, WorkerEnd::failed_to_start);
}

}  // namespace
}  // namespace cad::sandbox
