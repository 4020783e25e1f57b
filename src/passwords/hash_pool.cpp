// SPDX-License-Identifier: Apache-2.0
#include "passwords/hash_pool.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace cad::passwords {

namespace {

// On Linux a thread has a nice value of its own. Raising it is always allowed.
constexpr int kStepBackNice = 10;

void step_back() { ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kStepBackNice); }

}  // namespace

HashPool::HashPool(HashPoolOptions options) : most_waiting_(options.waiting) {
  std::size_t count = options.threads;
  if (count == 0) count = std::max(1u, std::thread::hardware_concurrency() / 2);
  for (std::size_t i = 0; i < count; ++i) threads_.emplace_back([this] { run(); });
}

HashPool::~HashPool() { stop(); }

bool HashPool::submit(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() >= most_waiting_) return false;
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

void HashPool::stop() {
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(waiting_);
  }
  wake_.notify_all();
  dropped.clear();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

void HashPool::run() {
  step_back();
  while (true) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

}  // namespace cad::passwords
