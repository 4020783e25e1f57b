// SPDX-License-Identifier: Apache-2.0
// Takes jobs from the queue and has them parsed, each in a process of its own.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
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
  std::chrono::milliseconds look_every{1'000};  // for leases of lost runners
  std::chrono::milliseconds retry_after{200};   // times the number of failures
  std::int64_t max_failures = 3;                // attempts ended by a kill from outside
  std::int64_t max_crashes = 2;                 // attempts ended by the drawing's own crash
  std::int64_t max_attempts = 25;               // whatever the reason
  std::uint32_t image_px = 2048;
  std::uint64_t max_entities = 1'000'000;
  sandbox::WorkerLimits limits;
};

// What an honest result of a drawing of that size stays far below, so that a reader that was taken
// over cannot fill the disk.
std::uint64_t output_limit(std::uint64_t drawing_bytes, std::uint64_t most);

class Runners {
 public:
  Runners(const Services& services, RunnerOptions options, RunWorker run_worker);
  ~Runners();

  void start();
  // No new jobs; running ones are stopped and wait again, to be taken by the next start.
  void stop();
  // The job was deleted: its worker, if any runs, is stopped. Any thread.
  void cancel(const std::string& job_id);

 private:
  struct Running;
  struct State;

  void loop();
  void keep_leases();
  void run(queue::Taken taken);
  void settle(const queue::Taken& taken, const sandbox::WorkerReport& report,
              std::vector<store::Part> parts, bool stopping);
  void retry(const queue::Taken& taken, bool failed);
  void fail_for_good(const queue::Taken& taken, std::string_view code, std::string_view message);

  const Services& services_;
  RunnerOptions options_;
  RunWorker run_worker_;
  std::unique_ptr<State> state_;
  std::string owner_;
};

// What a finished attempt means for its job.
struct Verdict {
  enum class Kind : std::uint8_t { complete, retry, fail, drop } kind = Kind::fail;
  bool counts = false;  // a retry that counts as a failure
  std::string code, message;
};
Verdict judge(const sandbox::WorkerReport& report, const store::Job& job,
              const RunnerOptions& options);

}  // namespace cad::jobs
