// SPDX-License-Identifier: Apache-2.0
#include "worker/zygote.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "sandbox/protocol.hpp"

namespace cad::worker {
namespace {

using sandbox::StartAnswer;
using sandbox::StartRequest;
using Descriptors = std::array<int, 3>;

struct Order {
  StartRequest request;
  Descriptors descriptors;
};

// None: the service has closed its end, or does not speak as agreed.
std::optional<Order> receive() {
  Order order;
  iovec bytes{&order.request, sizeof order.request};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(Descriptors))];
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t got = 0;
  do got = ::recvmsg(STDIN_FILENO, &message, 0);
  while (got < 0 && errno == EINTR);
  const cmsghdr* const rights = CMSG_FIRSTHDR(&message);
  const StartRequest expected;
  if (got != sizeof order.request || order.request.magic != expected.magic ||
      order.request.version != expected.version || rights == nullptr ||
      rights->cmsg_type != SCM_RIGHTS || rights->cmsg_len != CMSG_LEN(sizeof(Descriptors))) {
    return {};
  }
  std::memcpy(order.descriptors.data(), CMSG_DATA(rights), sizeof(Descriptors));
  return order;
}

// A sibling, so that the service waits for its workers itself. glibc's fork() cannot do that; of
// what it does besides, a process with one thread needs nothing.
long copy_as_sibling() { return ::syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0); }

// A group of its own as the terminal's signals are the service's business; the same session, as
// the scheduler may weigh sessions against each other (autogroup).
void leave_zygote(const Descriptors& descriptors) {
  for (int i = 0; i < 3; ++i) ::dup2(descriptors[static_cast<std::size_t>(i)], i);
  for (const int descriptor : descriptors) ::close(descriptor);
  ::setpgid(0, 0);
  ::prctl(PR_SET_NAME, "cadlens-worker", 0, 0, 0);
}

}  // namespace

Start wait_as_zygote(bool in_own_namespaces) {
  ::prctl(PR_SET_NAME, "cadlens-zygote", 0, 0, 0);
  while (const auto order = receive()) {
    StartAnswer answer;
    const long pid = copy_as_sibling();
    if (pid == 0) {
      leave_zygote(order->descriptors);
      const StartRequest& wanted = order->request;
      return {{wanted.memory_bytes, wanted.cpu_seconds, in_own_namespaces}, wanted.picture_bytes};
    }
    if (pid < 0) answer.error = errno;
    if (pid > 0) answer.pid = static_cast<std::int32_t>(pid);
    for (const int descriptor : order->descriptors) ::close(descriptor);
    if (::send(STDIN_FILENO, &answer, sizeof answer, MSG_NOSIGNAL) != sizeof answer) break;
  }
  _exit(0);
}

}  // namespace cad::worker
