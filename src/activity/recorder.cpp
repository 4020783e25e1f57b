// SPDX-License-Identifier: Apache-2.0
#include "activity/recorder.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "logging/quoted.hpp"

namespace cad::activity {

struct Recorder::State {
  State(store::Database& database, std::function<store::UnixMs()> now, spdlog::logger& to_log,
        RecorderOptions with)
      : repository(database), clock(std::move(now)), log(to_log), options(with) {}

  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      wake.wait_for(lock, options.every,
                    [this] { return stopping || flushing > 0 || waiting.size() >= options.batch; });
      const bool last = stopping;
      std::vector<store::Activity> entries = std::move(waiting);
      waiting.clear();
      const std::size_t lost = std::exchange(dropped, 0);
      lock.unlock();
      write(entries, lost);
      lock.lock();
      flushing = 0;
      ++rounds;
      written.notify_all();
      if (last && waiting.empty()) return;
    }
  }

  void write(const std::vector<store::Activity>& entries, std::size_t lost) {
    if (lost > 0) log.warn("event=activity_dropped entries={}", lost);
    for (std::size_t at = 0; at < entries.size(); at += options.batch) {
      const auto batch =
          std::span(entries).subspan(at).first(std::min(options.batch, entries.size() - at));
      if (const auto done = repository.insert(batch); !done)
        log.warn("event=activity_not_written entries={} reason={}", batch.size(),
                 logging::quoted(done.error().message));
    }
  }

  store::ActivityRepository repository;
  std::function<store::UnixMs()> clock;
  spdlog::logger& log;
  RecorderOptions options;
  std::mutex mutex;
  std::condition_variable wake, written;
  std::vector<store::Activity> waiting;
  std::size_t dropped = 0, flushing = 0;
  std::uint64_t rounds = 0;
  std::uint32_t count = 0;
  bool stopping = false;
  std::thread thread;
};

Recorder::Recorder(store::Database& database, std::function<store::UnixMs()> clock,
                   spdlog::logger& log, RecorderOptions options)
    : state_(std::make_unique<State>(database, std::move(clock), log, options)) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Recorder::~Recorder() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_all();
  state_->thread.join();
}

void Recorder::add(store::Activity entry) {
  if (entry.account_id.empty()) return;
  entry.at = state_->clock();
  bool full_batch = false;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->waiting.size() >= state_->options.most_waiting) {
      ++state_->dropped;
      return;
    }
    entry.id = store::activity_id(entry.at, state_->count++);
    state_->waiting.push_back(std::move(entry));
    full_batch = state_->waiting.size() == state_->options.batch;
  }
  if (full_batch) state_->wake.notify_all();
}

void Recorder::flush() {
  std::unique_lock lock(state_->mutex);
  // The round under way may have begun before: the next one has everything.
  const std::uint64_t until = state_->rounds + 2;
  while (state_->rounds < until) {
    ++state_->flushing;
    state_->wake.notify_all();
    const std::uint64_t seen = state_->rounds;
    state_->written.wait(lock, [&] { return state_->rounds != seen; });
  }
}

}  // namespace cad::activity
