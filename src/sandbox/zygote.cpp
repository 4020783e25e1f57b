// SPDX-License-Identifier: Apache-2.0
#include "sandbox/zygote.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "sandbox/plain_text.hpp"

namespace cad::sandbox {
namespace {

constexpr timeval kPatience{10, 0};

Result<void> send(const UniqueFd& to, const StartRequest& request, const Pipes& pipes) {
  const std::array descriptors{pipes.child_in.get(), pipes.child_out.get(), pipes.child_err.get()};
  StartRequest copy = request;
  iovec bytes{&copy, sizeof copy};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof descriptors)> control{};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* const rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof descriptors);
  std::memcpy(CMSG_DATA(rights), descriptors.data(), sizeof descriptors);
  ssize_t sent = 0;
  do sent = ::sendmsg(to.get(), &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  if (sent == static_cast<ssize_t>(sizeof copy)) return {};
  return fail(ErrorCode::unavailable, "it no longer listens");
}

Result<StartAnswer> receive(const UniqueFd& from, int flags) {
  StartAnswer answer;
  ssize_t got = 0;
  do got = ::recv(from.get(), &answer, sizeof answer, flags);
  while (got < 0 && errno == EINTR);
  if (got == static_cast<ssize_t>(sizeof answer)) return answer;
  return fail(ErrorCode::unavailable, got == 0 ? "it ended" : "it did not answer");
}

void end(pid_t pid) {
  ::kill(pid, SIGKILL);
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::string last_words(const Child& process) {
  std::array<char, 512> buffer{};
  const ssize_t got = ::read(process.err.get(), buffer.data(), buffer.size());
  if (got <= 0) return "";
  return ": " + printable_ascii(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
}

}  // namespace

Zygote::Zygote(std::string path, int most) : path_(std::move(path)), most_(most) {
  keeper_ = std::thread([this] { keep(); });
}

Zygote::~Zygote() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  keeper_.join();
  drop();
}

// In a thread that lives as long as this object: a worker ends with the thread of this process that
// it or its zygote was started by.
void Zygote::keep() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return wanted_ || stopping_; });
    if (stopping_) return;
    auto process = spawn_worker(path_, {"--zygote"}, Input::socket);
    spawned_ = {};
    if (process)
      process_ = std::move(*process);
    else
      spawned_ = tl::unexpected(process.error());
    wanted_ = false;
    changed_.notify_all();
  }
}

void Zygote::drop() {
  if (process_.pid > 0) {
    end(process_.pid);
    // A worker that nobody has heard of.
    while (const auto late = receive(process_.in, MSG_DONTWAIT))
      if (late->pid > 0) end(late->pid);
  }
  process_ = {};
  started_ = 0;
  lost_ = false;
}

Result<void> Zygote::be_there() {
  if (process_.pid > 0 && !lost_ && started_ < most_) return {};
  drop();
  std::unique_lock lock(mutex_);
  wanted_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !wanted_; });
  CAD_TRY(spawned_);
  ::setsockopt(process_.in.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  return {};
}

Result<Child> Zygote::ask(const StartRequest& request) {
  CAD_ASSIGN(Pipes pipes, make_pipes());
  lost_ = true;
  CAD_TRY(send(process_.in, request, pipes));
  CAD_ASSIGN(const StartAnswer answer, receive(process_.in, 0));
  lost_ = false;
  if (answer.pid <= 0)
    return fail(ErrorCode::unavailable, std::generic_category().message(answer.error));
  ++started_;
  return child_of(answer.pid, std::move(pipes));
}

Result<Child> Zygote::start(const StartRequest& request) {
  const std::lock_guard turn(turn_);
  bool again = process_.pid > 0;
  while (true) {
    CAD_TRY(be_there());
    auto child = ask(request);
    if (child) return child;
    if (!lost_ || !again) {
      return fail(ErrorCode::unavailable, "The worker program " + path_ + " starts no worker, " +
                                              child.error().message + last_words(process_));
    }
    again = false;
  }
}

}  // namespace cad::sandbox
