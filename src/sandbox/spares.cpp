// SPDX-License-Identifier: Apache-2.0
#include "sandbox/spares.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>

namespace cad::sandbox {
namespace {

constexpr std::chrono::seconds kRetryAfter{1};  // when no process can be started
// A job that begins has the processor for itself at first: most are over before the next worker is
// started.
constexpr std::chrono::milliseconds kAfterTake{30};

bool has_exited(const Child& child) {
  if (!child.exited) {  // kernels without pidfd
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(child.pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           info.si_pid == child.pid;
  }
  pollfd polled{child.exited.get(), POLLIN, 0};
  return ::poll(&polled, 1, 0) != 0;
}

void end(const Child& child) {
  ::kill(child.pid, SIGKILL);
  while (::waitpid(child.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

Spares::Spares(std::string worker_path, const WorkerLimits& limits, std::size_t most,
               std::optional<WorkerGroups> groups, OnStart on_start, std::uint32_t image_px)
    : usual_(start_request(limits, image_px)),
      most_(most),
      groups_(std::move(groups)),
      on_start_(std::move(on_start)),
      zygote_(std::move(worker_path)) {
  if (most_ > 0) starter_ = std::thread([this] { keep_up(); });
}

Spares::~Spares() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wanted_.notify_all();
  if (starter_.joinable()) starter_.join();
  for (const Child& child : waiting_) end(child);
}

std::size_t Spares::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void Spares::keep_up() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (waiting_.size() >= most_) {
      rests_ = true;
      wanted_.wait(lock, [this] { return stopping_ || waiting_.size() < most_; });
      rests_ = false;
      wanted_.wait_for(lock, kAfterTake, [this] { return stopping_; });
      continue;
    }
    lock.unlock();
    auto child = start(usual_, true);
    lock.lock();
    if (child) {
      waiting_.push_back(std::move(*child));
    } else {
      wanted_.wait_for(lock, kRetryAfter, [this] { return stopping_; });
    }
  }
}

// The one that has waited longest: it has surely closed itself in.
Result<Child> Spares::take(const WorkerLimits& limits) {
  StartRequest wanted = start_request(limits);
  wanted.picture_bytes = usual_.picture_bytes;
  std::unique_lock lock(mutex_);
  while (!waiting_.empty() && wanted == usual_) {
    Child child = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    if (rests_) wanted_.notify_one();
    if (!has_exited(child)) return child;
    end(child);
  }
  lock.unlock();
  return start(wanted, false);
}

Result<Child> Spares::start(const StartRequest& request, bool ahead) {
  const auto begin = std::chrono::steady_clock::now();
  auto child = start_in_group(request);
  if (on_start_) on_start_(ahead, child.has_value(), std::chrono::steady_clock::now() - begin);
  return child;
}

// It has read nothing yet when it comes into its group. Without one it has its own limits still.
Result<Child> Spares::start_in_group(const StartRequest& request) {
  CAD_ASSIGN(Child child, zygote_.start(request));
  if (groups_) {
    if (auto group = groups_->add(child.pid, request.memory_bytes)) child.group = std::move(*group);
  }
  return child;
}

WorkerReport Spares::run(const WorkerRequest& request, const ByteSource& drawing,
                         const WorkerCallbacks& callbacks, const std::atomic<bool>& cancel) {
  const auto start = std::chrono::steady_clock::now();
  return run_child(take(request.limits), start, request, drawing, callbacks, cancel);
}

}  // namespace cad::sandbox
