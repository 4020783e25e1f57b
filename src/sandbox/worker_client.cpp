// SPDX-License-Identifier: Apache-2.0
#include "sandbox/worker_client.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "sandbox/explain.hpp"
#include "sandbox/frame_reader.hpp"
#include "sandbox/plain_text.hpp"
#include "sandbox/zygote.hpp"

namespace cad::sandbox {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kCancelPeriod{50};
constexpr std::chrono::milliseconds kAskPeriod{2};
constexpr std::size_t kBufferBytes = 256 * 1024;
// What computes longer than nearly all drawings do steps back, so that a few heavy or hostile ones
// do not slow the many down.
constexpr std::chrono::milliseconds kStepBackAfter{300};
constexpr int kStepBackNice = 10;
constexpr std::uint32_t kMostPxAhead = 2048;

// Writing to a pipe that a child has closed raises SIGPIPE in this thread: held back while the
// object lives, and taken away if it came.
class SigpipeBlock {
 public:
  SigpipeBlock() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &old_);
  }
  ~SigpipeBlock() {
    const timespec at_once{};
    if (!was_pending_) sigtimedwait(&sigpipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &old_, nullptr);
  }
  SigpipeBlock(const SigpipeBlock&) = delete;
  SigpipeBlock& operator=(const SigpipeBlock&) = delete;

 private:
  sigset_t sigpipe_, old_;
  bool was_pending_ = false;
};

// Drawing and parts come from and go to a store that may be slow, which is no fault of the
// worker's: how long it was waited for.
class StoreTime : public PartSink {
 public:
  StoreTime(const ByteSource& drawing, PartSink* parts) : drawing_(drawing), parts_(parts) {}

  Result<std::size_t> read(std::span<std::byte> into) {
    const Wait wait(total_);
    return drawing_(into);
  }
  Result<void> write(PartKind kind, std::uint32_t number,
                     std::span<const std::byte> bytes) override {
    const Wait wait(total_);
    return parts_->write(kind, number, bytes);
  }
  PartSink* parts() { return parts_ != nullptr ? this : nullptr; }
  Clock::duration total() const { return total_; }

 private:
  struct Wait {
    explicit Wait(Clock::duration& a_total) : total(a_total) {}
    ~Wait() { total += Clock::now() - begun; }
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    Clock::duration& total;
    const Clock::time_point begun = Clock::now();
  };

  const ByteSource& drawing_;
  PartSink* parts_;
  Clock::duration total_{0};
};

// Not cleared: most drawings and parts are shorter.
class Buffer {
 public:
  std::byte* data() const { return bytes_.get(); }
  std::size_t size() const { return kBufferBytes; }
  std::span<std::byte> first(std::size_t count) const { return {bytes_.get(), count}; }

 private:
  std::unique_ptr<std::byte[]> bytes_ = std::make_unique_for_overwrite<std::byte[]>(kBufferBytes);
};

// The request, then the drawing, through one buffer.
class Feeder {
 public:
  Feeder(const WorkerRequest& request, StoreTime& store) : store_(store), left_(request.file_size) {
    RequestHeader header;
    const std::size_t name_bytes = std::min<std::size_t>(request.file_name.size(), kMaxNameBytes);
    header.file_bytes = request.file_size;
    header.max_entities = request.max_entities;
    header.image_px = request.image_px;
    header.name_bytes = static_cast<std::uint32_t>(name_bytes);
    std::memcpy(buffer_.data(), &header, sizeof header);
    std::memcpy(buffer_.data() + sizeof header, request.file_name.data(), name_bytes);
    end_ = sizeof header + name_bytes;
  }

  // Sends a bufferful at most, so that the caller stays attentive. The descriptor is closed when
  // all is sent or nobody reads.
  Result<void> send(UniqueFd& to) {
    if (at_ == end_ && left_ > 0) CAD_TRY(refill());
    const ssize_t sent = ::write(to.get(), buffer_.data() + at_, end_ - at_);
    if (sent > 0) at_ += static_cast<std::size_t>(sent);
    const bool nobody_reads = sent < 0 && errno != EAGAIN && errno != EINTR;
    if (nobody_reads || (at_ == end_ && left_ == 0)) to.reset();
    return {};
  }

 private:
  Result<void> refill() {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left_, buffer_.size()));
    CAD_ASSIGN(const std::size_t got, store_.read(buffer_.first(most)));
    if (got == 0 || got > most) {
      return fail(ErrorCode::integrity, "The stored drawing is shorter than it was when uploaded.");
    }
    at_ = 0;
    end_ = got;
    left_ -= got;
    return {};
  }

  StoreTime& store_;
  std::uint64_t left_;
  Buffer buffer_;
  std::size_t at_ = 0, end_ = 0;
};

class Session {
 public:
  Session(Child child, const WorkerRequest& request, const ByteSource& drawing,
          const WorkerCallbacks& callbacks, const std::atomic<bool>& cancel)
      : child_(std::move(child)),
        limits_(request.limits),
        cancel_(cancel),
        store_(drawing, callbacks.parts),
        feeder_(request, store_),
        frames_(store_.parts(), callbacks.progress, request.limits.output_bytes) {}
  ~Session() {
    if (child_.pid > 0) reap();
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Ending run(Clock::time_point start);

 private:
  enum class Stream : std::uint8_t { open, empty_for_now, closed };

  void pump(Clock::time_point start);
  void step_back(Clock::time_point start);
  void stop(WorkerEnd why);
  void stop(WorkerEnd why, Error error);
  Stream read_frames();
  Stream read_log();
  bool has_exited();
  void reap();

  Child child_;
  const WorkerLimits& limits_;
  const std::atomic<bool>& cancel_;
  StoreTime store_;
  Feeder feeder_;
  FrameReader frames_;
  Buffer buffer_;
  Ending ending_;
  std::size_t log_bytes_ = 0;
  bool stepped_back_ = false;
};

void Session::step_back(Clock::time_point start) {
  if (stepped_back_ || Clock::now() - start < kStepBackAfter) return;
  stepped_back_ = true;
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(child_.pid), kStepBackNice);
}

// Our own decision to end it: the first one counts.
void Session::stop(WorkerEnd why) {
  if (!ending_.stopped) ending_.stopped = why;
  ::kill(child_.pid, SIGKILL);
}

void Session::stop(WorkerEnd why, Error error) {
  if (!ending_.stopped) ending_.our_error = std::move(error);
  stop(why);
}

Session::Stream Session::read_frames() {
  const ssize_t got = ::read(child_.out.get(), buffer_.data(), buffer_.size());
  if (got == 0) return Stream::closed;
  if (got < 0) return errno == EAGAIN || errno == EINTR ? Stream::empty_for_now : Stream::closed;
  switch (frames_.feed(buffer_.first(static_cast<std::size_t>(got)))) {
    case FrameReader::Fault::none: return Stream::open;
    case FrameReader::Fault::too_much_output: stop(WorkerEnd::output_limit); break;
    case FrameReader::Fault::sink_failed:
      stop(WorkerEnd::failed_to_start, frames_.sink_error());
      break;
    case FrameReader::Fault::broke_protocol:
      ending_.broken_rule = frames_.broken_rule();
      stop(WorkerEnd::crashed);
      break;
  }
  return Stream::closed;
}

// Keeps the beginning, drops some more, then stops listening: writing then fails for the child,
// which costs us nothing.
Session::Stream Session::read_log() {
  const ssize_t got = ::read(child_.err.get(), buffer_.data(), buffer_.size());
  if (got == 0) return Stream::closed;
  if (got < 0) return errno == EAGAIN || errno == EINTR ? Stream::empty_for_now : Stream::closed;
  const auto size = static_cast<std::size_t>(got);
  ending_.log.append(reinterpret_cast<const char*>(buffer_.data()),
                     std::min(kKeptStderrBytes - ending_.log.size(), size));
  log_bytes_ += size;
  return log_bytes_ < kMaxStderrBytes ? Stream::open : Stream::closed;
}

// For kernels without pidfd.
bool Session::has_exited() {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(child_.pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == child_.pid;
}

// Until both of its streams are closed and it has exited, or it was stopped.
void Session::pump(Clock::time_point start) {
  bool exited = false;
  while (!ending_.stopped && !(exited && !child_.out)) {
    const auto now = Clock::now();
    if (cancel_.load(std::memory_order_relaxed)) return stop(WorkerEnd::cancelled);
    const Clock::time_point deadline = start + limits_.wall + store_.total();
    if (now >= deadline) return stop(WorkerEnd::wall_limit);
    step_back(start);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now);
    const bool must_ask = !child_.exited && !child_.out;
    const auto wait = std::min(left, must_ask ? kAskPeriod : kCancelPeriod);

    // poll() passes over negative descriptors.
    pollfd polled[] = {{child_.out.get(), POLLIN, 0},
                       {child_.err.get(), POLLIN, 0},
                       {child_.in.get(), POLLOUT, 0},
                       {exited ? -1 : child_.exited.get(), POLLIN, 0}};
    if (::poll(polled, std::size(polled), static_cast<int>(wait.count())) < 0 && errno != EINTR) {
      return stop(WorkerEnd::failed_to_start,
                  {ErrorCode::unavailable, "Waiting for the parser failed."});
    }
    if (polled[3].revents != 0 || (!child_.exited && has_exited())) exited = true;
    if (polled[0].revents != 0 || exited) {
      // After its exit nothing more comes: what is there is all.
      Stream stream = Stream::open;
      do stream = child_.out ? read_frames() : Stream::closed;
      while (exited && stream == Stream::open);
      if (stream == Stream::closed || exited) child_.out.reset();
    }
    if (polled[1].revents != 0 && read_log() == Stream::closed) child_.err.reset();
    if (polled[2].revents != 0 && !ending_.stopped) {
      if (auto sent = feeder_.send(child_.in); !sent) {
        return stop(WorkerEnd::failed_to_start, sent.error());
      }
    }
  }
}

// Ends it if it still runs: nothing of it may outlive this call.
void Session::reap() {
  ::kill(child_.pid, SIGKILL);
  rusage usage{};
  while (::wait4(child_.pid, &ending_.status, 0, &usage) < 0 && errno == EINTR) {
  }
  child_.pid = -1;
  const auto span = [](const timeval& t) {
    return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
  };
  ending_.cpu = span(usage.ru_utime) + span(usage.ru_stime);
  ending_.max_rss_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

Ending Session::run(Clock::time_point start) {
  pump(start);
  reap();
  if (child_.err) {
    while (read_log() == Stream::open) {
    }
  }
  ending_.complete_frames = frames_.at_boundary();
  ending_.done = frames_.done();
  ending_.rejection = frames_.rejection();
  ending_.log = printable_ascii(ending_.log);
  return std::move(ending_);
}

}  // namespace

WorkerReport run_worker(const std::string& worker_path, const WorkerRequest& request,
                        const ByteSource& drawing, const WorkerCallbacks& callbacks,
                        const std::atomic<bool>& cancel) {
  const auto start = Clock::now();
  Zygote zygote(worker_path);
  return run_child(zygote.start(start_request(request.limits, request.image_px)), start, request,
                   drawing, callbacks, cancel);
}

StartRequest start_request(const WorkerLimits& limits, std::uint32_t image_px) {
  StartRequest request;
  request.memory_bytes = limits.memory_bytes;
  request.cpu_seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(1, limits.cpu.count()));
  // Of a sheet with the sides of paper, 4 bytes a pixel; for larger ones than usual the time that
  // this saves is not worth what those that wait would hold.
  const std::uint64_t px = std::min(image_px, kMostPxAhead);
  request.picture_bytes = 4 * px * (px * 100 / 141);
  return request;
}

WorkerReport run_child(Result<Child> child, Clock::time_point start, const WorkerRequest& request,
                       const ByteSource& drawing, const WorkerCallbacks& callbacks,
                       const std::atomic<bool>& cancel) {
  if (!child) {
    WorkerReport report;
    report.error = {ErrorCode::unavailable, "The parser could not be started."};
    report.log = child.error().message;  // with the path: not for users
    return report;
  }
  const SigpipeBlock no_sigpipe;
  Session session(std::move(*child), request, drawing, callbacks, cancel);
  WorkerReport report = explain(session.run(start), request.limits);
  report.wall = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
  return report;
}

std::string default_worker_path() {
  std::string path(4096, '\0');
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  path.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::size_t slash = path.rfind('/');
  return (slash == std::string::npos ? std::string("/usr/lib/cadlens") : path.substr(0, slash)) +
         "/cadlens-worker";
}

}  // namespace cad::sandbox
