// SPDX-License-Identifier: Apache-2.0
// Takes jobs from the queue and has them parsed, each in a process of its own.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "jobs/services.hpp"
#include "sandbox/worker_client.hpp"

namespace cad::jobs {

using RunWorker = std::function<sandbox::WorkerReport(
    const sandbox::WorkerRequest&, const sandbox::ByteSource&, const sandbox::WorkerCallbacks&,
    const std::atomic<bool>& cancel)>;

struct RunnerOptions {
  std::size_t threads = 2;
  std::chrono::milliseconds lease{30'000};
  std::chrono::milliseconds renew_every{5'000};
  std::chrono::milliseconds look_every{1'000};   // for leases of lost runners
  std::chrono::milliseconds retry_after{200};    // times the number of failures
  std::chrono::milliseconds store_pause{1'000};  // the store is away: at first, then doubled
  std::int64_t max_failures = 3;                 // attempts ended by a kill from outside
  std::int64_t max_crashes = 2;                  // attempts ended by the drawing's own crash
  std::int64_t max_attempts = 25;                // that nobody excused: whatever the reason
  std::uint32_t image_px = 2048;
  std::uint64_t max_entities = 1'000'000;
  sandbox::WorkerLimits limits;
  std::uint64_t memory_bytes = 0;      // of all workers of this node together; 0: no bound
  std::chrono::milliseconds grace{0};  // at a stop: for what runs to come to its end
  std::chrono::milliseconds last_writes{5'000};  // then: for a database that is away to come back
};

// What an honest result of a drawing of that size stays far below, so that a reader that was taken
// over cannot fill the disk.
std::uint64_t output_limit(std::uint64_t drawing_bytes, std::uint64_t most);

struct Running;
struct Stored;

class Runners {
 public:
  Runners(const Services& services, RunnerOptions options, RunWorker run_worker);
  ~Runners();

  void start();
  // No new jobs; running ones may end within the grace. What is left then is stopped and waits
  // again, for another node or the next start. A database that is away is not waited for until the
  // leases end: whoever watches them takes the jobs back.
  void stop();
  // A stop that is under way, or comes, has no grace. Any thread.
  void hurry();
  // The job was deleted: its worker, if any runs, is stopped. Any thread.
  void cancel(const std::string& job_id);

 private:
  struct State;

  void loop();
  std::optional<queue::Taken> take();
  void keep_leases();
  bool renew(const std::string& id, Running& job);
  bool renew_all(const std::map<std::string, std::shared_ptr<Running>>& running);
  bool is_cut() const;
  void run(queue::Taken taken, const std::shared_ptr<Running>& running);
  void attempt(const queue::Taken& taken, Running& running);
  sandbox::WorkerReport parse(const queue::Taken& taken, Running& running, Stored& stored);
  void settle(const queue::Taken& taken, Running& running, const sandbox::WorkerReport& report,
              const Stored& stored, bool stopping);
  void retry(const queue::Taken& taken, const Running& running, bool failed,
             std::chrono::milliseconds pause);
  std::chrono::milliseconds store_pause(const queue::Taken& taken) const;
  Result<bool> persist(const Running& running, const std::function<Result<bool>()>& write) const;
  std::chrono::steady_clock::time_point write_until(const Running& running) const;
  void count_start(const queue::Taken& taken) const;
  void count_end(const queue::Taken& taken, const sandbox::WorkerReport& report) const;
  void count_final(std::string_view status) const;
  void interrupted_too_often(const queue::Taken& taken, const Running& running);
  void fail_for_good(const queue::Taken& taken, const Running& running, std::string_view code,
                     std::string_view message);
  bool complete(const queue::Taken& taken, const Running& running, const Stored& stored);

  const Services& services_;
  RunnerOptions options_;
  RunWorker run_worker_;
  std::unique_ptr<State> state_;
  std::string owner_;
};

// The code, if it says that the job brought down whoever ran it, again and again: nobody is to try
// it any more, and an operator should look.
std::optional<std::string_view> given_up_as(std::string_view code);

// What a finished attempt means for its job.
struct Verdict {
  enum class Kind : std::uint8_t { complete, retry, fail, drop } kind = Kind::fail;
  bool counts = false;  // a retry that counts as a failure
  std::string code, message;
};
Verdict judge(const sandbox::WorkerReport& report, const store::Job& job,
              const RunnerOptions& options);

}  // namespace cad::jobs
