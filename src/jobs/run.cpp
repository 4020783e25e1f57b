// SPDX-License-Identifier: Apache-2.0
#include "jobs/run.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <map>

#include "crypto/bytes.hpp"
#include "jobs/notes.hpp"
#include "jobs/part_store.hpp"
#include "jobs/quota.hpp"

namespace cad::jobs {

struct Runners::Running {
  queue::Lease lease;
  std::atomic<bool> cancel = false;
  bool deleted = false;  // cancel was asked for, as opposed to a stop or a lost lease
};

struct Runners::State {
  std::mutex mutex;
  std::condition_variable stopped;
  bool stopping = false;
  std::map<std::string, std::shared_ptr<Running>> running;
  std::vector<std::thread> threads;
};

std::uint64_t output_limit(std::uint64_t drawing_bytes, std::uint64_t most) {
  constexpr std::uint64_t kAlways = 256 << 20, kTimes = 64;
  if (drawing_bytes > most / kTimes) return most;
  return std::min(most, kAlways + drawing_bytes * kTimes);
}

Runners::Runners(const Services& services, RunnerOptions options, RunWorker run_worker)
    : services_(services),
      options_(std::move(options)),
      run_worker_(std::move(run_worker)),
      state_(std::make_unique<State>()),
      owner_("runner_" + crypto::random_hex(8)) {}

Runners::~Runners() { stop(); }

void Runners::start() {
  for (std::size_t i = 0; i < options_.threads; ++i)
    state_->threads.emplace_back([this] { loop(); });
  state_->threads.emplace_back([this] { keep_leases(); });
}

void Runners::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    for (auto& [id, running] : state_->running) running->cancel = true;
  }
  state_->stopped.notify_all();
  services_.queue.close();
  for (auto& thread : state_->threads) thread.join();
  state_->threads.clear();
}

void Runners::cancel(const std::string& job_id) {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->running.find(job_id);
  if (found == state_->running.end()) return;
  found->second->deleted = true;
  found->second->cancel = true;
}

void Runners::loop() {
  while (true) {
    {
      const std::lock_guard lock(state_->mutex);
      if (state_->stopping) return;
    }
    auto taken = services_.queue.take(owner_, services_.clock(), options_.lease);
    if (!taken) services_.log.error("event=queue_failed reason=\"{}\"", taken.error().message);
    if (taken && *taken) {
      run(std::move(**taken));
    } else {
      services_.queue.wait(options_.look_every);
    }
  }
}

// One thread renews every lease of this process: workers may be silent for long.
void Runners::keep_leases() {
  std::unique_lock lock(state_->mutex);
  auto next_renewal = std::chrono::steady_clock::now() + options_.renew_every;
  while (!state_->stopping) {
    state_->stopped.wait_for(lock, options_.look_every);
    if (state_->stopping) return;
    std::map<std::string, std::shared_ptr<Running>> running;
    if (std::chrono::steady_clock::now() >= next_renewal) {
      running = state_->running;
      next_renewal = std::chrono::steady_clock::now() + options_.renew_every;
    }
    lock.unlock();
    const UnixMs now = services_.clock();
    for (const auto& [id, job] : running) {
      const auto progress = services_.events.latest(id).value_or(Progress{});
      const auto mine = services_.queue.renew(id, job->lease, now, options_.lease, progress.percent,
                                              progress.phase);
      if (mine && !*mine) job->cancel = true;
    }
    if (const auto lost = services_.queue.reclaim_expired(now); lost && *lost > 0)
      services_.log.warn("event=leases_expired jobs={}", *lost);
    lock.lock();
  }
}

namespace {

sandbox::ByteSource source_of(blobs::Reader& reader) {
  return [&reader,
          offset = std::uint64_t{0}](std::span<std::byte> into) mutable -> Result<std::size_t> {
    CAD_ASSIGN(const std::size_t count, reader.read(offset, into));
    offset += count;
    return count;
  };
}

}  // namespace

void Runners::run(queue::Taken taken) {
  const std::string& id = taken.job.id;
  auto running = std::make_shared<Running>();
  running->lease = taken.lease;
  {
    const std::lock_guard lock(state_->mutex);
    state_->running[id] = running;
    if (state_->stopping) running->cancel = true;
  }
  services_.events.changed(id);
  services_.events.progress(id, {taken.lease.attempt, 0, "starting"});

  sandbox::WorkerReport report;
  std::vector<store::Part> parts;
  PartStore sink(services_.blobs, id, taken.lease.attempt);
  if (auto upload = services_.blobs.open(upload_key(id)); !upload) {
    report.end = sandbox::WorkerEnd::rejected;
    report.error =
        Error{upload.error().code, taken.job.upload_gone
                                       ? "The upload reached its age limit before it could be read."
                                       : "The stored upload cannot be read any more."};
  } else {
    sandbox::WorkerRequest request;
    request.file_name = taken.job.file_name;
    request.file_size = (*upload)->size();
    request.image_px = options_.image_px;
    request.max_entities = options_.max_entities;
    request.limits = options_.limits;
    request.limits.output_bytes = output_limit(request.file_size, options_.limits.output_bytes);
    sandbox::WorkerCallbacks callbacks;
    callbacks.parts = &sink;
    callbacks.progress = [&](std::string_view phase, int percent) {
      services_.events.progress(id, {taken.lease.attempt, percent, std::string(phase)});
    };
    report = run_worker_(request, source_of(**upload), callbacks, running->cancel);
    if (report.end == sandbox::WorkerEnd::completed) {
      if (auto stored = sink.finish()) {
        parts = std::move(*stored);
      } else {
        report.end = sandbox::WorkerEnd::failed_to_start;  // ours, not the drawing's: tried again
        report.error = stored.error();
      }
    }
  }
  bool stopping = false;
  {
    const std::lock_guard lock(state_->mutex);
    state_->running.erase(id);
    stopping = state_->stopping && !running->deleted;
  }
  settle(taken, report, std::move(parts), stopping);
  services_.events.changed(id);
}

void Runners::settle(const queue::Taken& taken, const sandbox::WorkerReport& report,
                     std::vector<store::Part> parts, bool stopping) {
  const std::string& id = taken.job.id;
  const Verdict verdict = judge(report, taken.job, options_);
  services_.log.info(
      "event=attempt_ended job={} attempt={} end={} signal={} wall_ms={} cpu_ms={} peak_bytes={}",
      id, taken.lease.attempt, sandbox::to_string(report.end), report.signal, report.wall.count(),
      report.cpu.count(), report.peak_memory_bytes);
  if (report.signal == SIGSYS)
    services_.log.warn("event=forbidden_call job={} account={}", id, taken.job.account_id);
  bool keep_parts = false;
  switch (verdict.kind) {
    case Verdict::Kind::complete: {
      const auto done = services_.jobs().complete(id, taken.lease.owner, taken.lease.attempt, parts,
                                                  services_.clock());
      if (!done) {
        services_.log.error("event=complete_failed job={} reason=\"{}\"", id, done.error().message);
        retry(taken, false);
      }
      keep_parts = done && *done;
      if (keep_parts) note_job(services_, taken.job, "Job completed");
      break;
    }
    case Verdict::Kind::retry: retry(taken, verdict.counts); break;
    case Verdict::Kind::fail: fail_for_good(taken, verdict.code, verdict.message); break;
    case Verdict::Kind::drop:
      if (stopping) retry(taken, false);
      break;
  }
  if (!keep_parts) (void)remove_blobs(services_.blobs, attempt_prefix(id, taken.lease.attempt));
}

void Runners::retry(const queue::Taken& taken, bool failed) {
  if (taken.lease.attempt >= options_.max_attempts) {
    fail_for_good(taken, "INTERRUPTED", "The job was interrupted too often; try again later.");
    return;
  }
  const UnixMs now = services_.clock();
  const UnixMs pause = failed ? options_.retry_after.count() * (taken.job.failures + 1) : 0;
  const auto given = services_.queue.give_back(taken.job.id, taken.lease, now, now + pause, failed);
  if (!given)
    services_.log.error("event=give_back_failed job={} reason=\"{}\"", taken.job.id,
                        given.error().message);
}

void Runners::fail_for_good(const queue::Taken& taken, std::string_view code,
                            std::string_view message) {
  const auto& id = taken.job.id;
  const UnixMs now = services_.clock();
  const auto failed = services_.jobs().fail_job(id, taken.lease.owner, taken.lease.attempt, code,
                                                message, now, is_our_fault(code));
  if (!failed) {
    services_.log.error("event=fail_failed job={} reason=\"{}\"", id, failed.error().message);
    return;
  }
  if (!*failed) return;  // somebody else's by now
  note_job(services_, taken.job, "Job failed: " + std::string(code), store::Level::error);
  if (services_.blobs.remove(upload_key(id))) (void)services_.jobs().mark_upload_gone(id, now);
}

}  // namespace cad::jobs
