// SPDX-License-Identifier: Apache-2.0
#include "jobs/run.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <map>

#include "crypto/bytes.hpp"
#include "jobs/memory_budget.hpp"
#include "jobs/part_store.hpp"
#include "jobs/running.hpp"
#include "jobs/store_watch.hpp"
#include "logging/outage.hpp"
#include "trace/context.hpp"

namespace cad::jobs {

using namespace std::chrono_literals;

struct Runners::State {
  State(const Services& services, const RunnerOptions& options)
      : memory(options.memory_bytes),
        store(services.blobs, services.log, options.store_pause),
        queue(&services.log, "queue") {}

  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;  // nothing new is begun
  bool hurry = false;     // nor is what runs waited for
  bool cut = false;       // what ran is stopped; no lease is kept any more
  Clock::time_point last_write = Clock::time_point::max();  // none is tried after it
  std::map<std::string, std::shared_ptr<Running>> running;
  std::vector<std::thread> threads;
  std::thread keeper;
  MemoryBudget memory;
  StoreWatch store;
  logging::Outage queue;
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
      state_(std::make_unique<State>(services, options_)),
      owner_("runner_" + crypto::random_hex(8)) {}

Runners::~Runners() { stop(); }

void Runners::start() {
  for (std::size_t i = 0; i < options_.threads; ++i)
    state_->threads.emplace_back([this] { loop(); });
  state_->keeper = std::thread([this] { keep_leases(); });
}

void Runners::stop() {
  {
    std::unique_lock lock(state_->mutex);
    state_->stopping = true;
    services_.queue.close();
    state_->changed.wait_for(lock, options_.grace,
                             [this] { return state_->hurry || state_->running.empty(); });
    for (auto& [id, running] : state_->running) running->cancel = true;
    state_->cut = true;
    state_->last_write = Clock::now() + options_.last_writes;
  }
  state_->changed.notify_all();
  for (auto& thread : state_->threads) thread.join();
  state_->threads.clear();
  if (state_->keeper.joinable()) state_->keeper.join();
}

void Runners::hurry() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->hurry = true;
  }
  state_->changed.notify_all();
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
    std::optional<queue::Taken> taken;
    const bool store_is_there = state_->store.is_there();
    const auto asked = Clock::now();
    if (store_is_there) taken = take();
    if (taken) {
      auto running = std::make_shared<Running>();
      running->lease = taken->lease;
      running->held_until = asked + options_.lease;
      run(std::move(*taken), running);
    } else {
      services_.queue.wait(options_.look_every);
    }
  }
}

// None: nothing waits, or the queue is away, which is said once for all runners.
std::optional<queue::Taken> Runners::take() {
  auto taken = services_.queue.take(owner_, services_.clock(), options_.lease);
  state_->queue.tell(!taken, taken ? std::string_view() : taken.error().message);
  return taken ? std::move(*taken) : std::nullopt;
}

// One thread renews every lease of this process: workers may be silent for long.
void Runners::keep_leases() {
  std::unique_lock lock(state_->mutex);
  auto next_renewal = Clock::now() + options_.renew_every;
  while (true) {
    state_->changed.wait_for(lock, options_.look_every, [this] { return state_->cut; });
    if (state_->cut) return;
    std::map<std::string, std::shared_ptr<Running>> running;
    if (Clock::now() >= next_renewal) running = state_->running;
    lock.unlock();
    if (!running.empty()) {
      // While the database is away it is asked more often: the lease runs.
      next_renewal =
          Clock::now() + (renew_all(running) ? options_.renew_every : options_.look_every);
    }
    if (is_cut()) return;
    if (const auto lost = services_.queue.upkeep(services_.clock()); lost && *lost > 0)
      services_.log.warn("event=leases_expired jobs={}", *lost);
    lock.lock();
  }
}

// False: not all were. A stop waits for one that hangs, not for each.
bool Runners::renew_all(const std::map<std::string, std::shared_ptr<Running>>& running) {
  bool all = true;
  for (const auto& [id, job] : running) {
    if (is_cut()) return false;
    all = renew(id, *job) && all;
  }
  return all;
}

bool Runners::is_cut() const {
  const std::lock_guard lock(state_->mutex);
  return state_->cut;
}

// The lease is the most; a stop lets it be less.
Clock::time_point Runners::write_until(const Running& running) const {
  const std::lock_guard lock(state_->mutex);
  return std::min(running.held_until.load(), state_->last_write);
}

// False: the database did not answer. The job goes on as long as nobody else can have it.
bool Runners::renew(const std::string& id, Running& job) {
  const auto asked = Clock::now();
  const auto progress = services_.events.latest(id).value_or(Progress{});
  const auto mine = services_.queue.renew(id, job.lease, services_.clock(), options_.lease,
                                          progress.percent, progress.phase);
  if (mine && *mine) job.held_until = asked + options_.lease;
  const bool lost = mine ? !*mine : Clock::now() >= job.held_until.load();
  if (lost) job.cancel = true;
  return mine.has_value();
}

namespace {

// Of an upload that is read: what is gone or damaged stays so. Everything else is the store's own
// trouble, whatever it calls it (a full disk, a wrong clock, a policy that was changed).
bool concerns_the_job(const Error& error) {
  return error.code == ErrorCode::not_found || error.code == ErrorCode::integrity;
}

sandbox::ByteSource source_of(blobs::Reader& reader, std::optional<Error>& store_error) {
  return [&reader, &store_error,
          offset = std::uint64_t{0}](std::span<std::byte> into) mutable -> Result<std::size_t> {
    auto count = reader.read(offset, into);
    if (count)
      offset += *count;
    else if (!concerns_the_job(count.error()))
      store_error = count.error();
    return count;
  };
}

sandbox::WorkerReport ended(sandbox::WorkerEnd end, Error error) {
  sandbox::WorkerReport report;
  report.end = end;
  report.error = std::move(error);
  return report;
}

}  // namespace

void Runners::run(queue::Taken taken, const std::shared_ptr<Running>& running) {
  const std::string& id = taken.job.id;
  {
    const std::lock_guard lock(state_->mutex);
    state_->running[id] = running;
    if (state_->stopping) running->cancel = true;
  }
  services_.events.changed(id);
  if (taken.has_receivers) services_.events.announced();
  services_.events.progress(id, {taken.lease.attempt, 0, "starting"});
  attempt(taken, *running);
  // From here on the job may be in the hands of another runner of ours: what is its own stays.
  services_.queue.release(id, taken.lease);
  {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->running.find(id);
    if (found != state_->running.end() && found->second == running) state_->running.erase(found);
    if (state_->stopping) state_->changed.notify_all();
  }
  services_.events.changed(id, taken.lease.attempt);
  if (taken.has_receivers) services_.events.announced();
}

void Runners::attempt(const queue::Taken& taken, Running& running) {
  if (taken.job.attempt - taken.job.excused > options_.max_attempts)
    return interrupted_too_often(taken, running);
  Stored stored;
  count_start(taken);
  const auto report = parse(taken, running, stored);
  count_end(taken, report);
  if (running.store_error) state_->store.went_away(*running.store_error);
  bool stopping = false;
  {
    const std::lock_guard lock(state_->mutex);
    stopping = state_->stopping && !running.deleted;
  }
  settle(taken, running, report, stored, stopping);
}

sandbox::WorkerReport Runners::parse(const queue::Taken& taken, Running& running, Stored& stored) {
  using sandbox::WorkerEnd;
  const store::Job& job = taken.job;
  const auto room =
      state_->memory.reserve(memory_estimate(job.format, static_cast<std::uint64_t>(job.file_size),
                                             options_.limits.memory_bytes),
                             [&running] { return running.cancel.load(); });
  if (!room) return ended(WorkerEnd::cancelled, {});
  const auto upload = services_.blobs.open(upload_key(job.id));
  if (!upload && concerns_the_job(upload.error()))
    return ended(WorkerEnd::rejected,
                 {upload.error().code,
                  job.upload_gone ? "The upload reached its age limit before it could be read."
                                  : "The stored upload cannot be read any more."});
  if (!upload) {
    running.store_error = upload.error();
    return ended(WorkerEnd::failed_to_start, upload.error());
  }
  PartStore sink(services_.blobs, job.id, taken.lease.attempt);
  sandbox::WorkerRequest request;
  request.file_name = job.file_name;
  request.file_size = (*upload)->size();
  request.image_px = options_.image_px;
  request.max_entities = options_.max_entities;
  request.limits = options_.limits;
  request.limits.output_bytes = output_limit(request.file_size, options_.limits.output_bytes);
  sandbox::WorkerCallbacks callbacks;
  callbacks.parts = &sink;
  callbacks.progress = [&](std::string_view phase, int percent) {
    services_.events.progress(job.id, {taken.lease.attempt, percent, std::string(phase)});
  };
  auto report =
      run_worker_(request, source_of(**upload, running.store_error), callbacks, running.cancel);
  if (report.end == WorkerEnd::completed) {
    if (auto objects = sink.finish()) {
      stored = {std::move(*objects), sink.has_thumbnail()};
      state_->store.worked();
    } else {
      report.end = WorkerEnd::failed_to_start;  // ours, not the drawing's: tried again
      report.error = objects.error();
    }
  }
  if (sink.store_error()) running.store_error = sink.store_error();
  return report;
}

// Longer each time: a store that seems to be there, and is not, must not be kept busy.
std::chrono::milliseconds Runners::store_pause(const queue::Taken& taken) const {
  constexpr std::chrono::milliseconds kMost{300'000};
  constexpr std::int64_t kDoublings = 9;
  return std::min(kMost, options_.store_pause * (std::int64_t{1} << std::clamp<std::int64_t>(
                                                     taken.lease.attempt - 1, 0, kDoublings)));
}

void Runners::settle(const queue::Taken& taken, Running& running,
                     const sandbox::WorkerReport& report, const Stored& stored, bool stopping) {
  const std::string& id = taken.job.id;
  Verdict verdict = judge(report, taken.job, options_);
  const bool wait_for_store = running.store_error && verdict.kind != Verdict::Kind::complete &&
                              verdict.kind != Verdict::Kind::drop;
  if (wait_for_store) verdict = {Verdict::Kind::retry, false, "", ""};
  services_.log.info(
      "event=attempt_ended job={} attempt={} format={} end={} signal={} wall_ms={} cpu_ms={} "
      "peak_bytes={} trace={}",
      id, taken.lease.attempt, taken.job.format, sandbox::to_string(report.end), report.signal,
      report.wall.count(), report.cpu.count(), report.peak_memory_bytes,
      trace::trace_id_of(taken.job.trace));
  if (report.signal == SIGSYS)
    services_.log.warn("event=forbidden_call job={} account={} trace={}", id, taken.job.account_id,
                       trace::trace_id_of(taken.job.trace));
  const auto remove_parts = [&] {
    (void)remove_blobs(services_.blobs, attempt_prefix(id, taken.lease.attempt));
  };
  if (verdict.kind == Verdict::Kind::complete) {
    if (!complete(taken, running, stored)) remove_parts();
    return;
  }
  remove_parts();  // before the job is anybody else's
  switch (verdict.kind) {
    case Verdict::Kind::retry:
      return retry(taken, running, verdict.counts, wait_for_store ? store_pause(taken) : 0ms);
    case Verdict::Kind::fail: return fail_for_good(taken, running, verdict.code, verdict.message);
    case Verdict::Kind::drop:
      if (stopping) retry(taken, running, false, 0ms);
      break;
    case Verdict::Kind::complete: break;
  }
}

}  // namespace cad::jobs
