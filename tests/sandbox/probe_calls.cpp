// SPDX-License-Identifier: Apache-2.0
// Acts that are one or two system calls each.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>

#include "probe_acts.hpp"

namespace cad::probe {
namespace {

// A listener and a connection to it within the process, by a name without a file.
long abstract_socket() {
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0) return fd;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = "cadlens_probe_" + std::to_string(getpid());
  std::copy(name.begin(), name.end(), address.sun_path + 1);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(fd, 1) != 0) return -1;
  const int client = socket(AF_UNIX, SOCK_STREAM, 0);
  return connect(client, reinterpret_cast<sockaddr*>(&address), size);
}

long udp_socket() {
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) return fd;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(53);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return sendto(fd, "x", 1, 0, reinterpret_cast<sockaddr*>(&address), sizeof address);
}

std::string of_parent(const char* what) {
  return "/proc/" + std::to_string(getppid()) + "/" + what;
}

long steal_a_descriptor() {
  const long service = syscall(SYS_pidfd_open, getppid(), 0);
  return service < 0 ? service : syscall(SYS_pidfd_getfd, service, 3, 0);
}

long read_the_parents_memory() {
  char into[8];
  iovec here{into, sizeof into};
  iovec there{reinterpret_cast<void*>(0x400000), sizeof into};
  return process_vm_readv(getppid(), &here, 1, &there, 1, 0);
}

long run_from_memory() {
  const int fd = memfd_create("x", 0);
  if (fd < 0) return fd;
  char name[] = "x";
  char* arguments[] = {name, nullptr};
  return syscall(SYS_execveat, fd, "", arguments, nullptr, AT_EMPTY_PATH);
}

long clone3_child() {
  clone_args arguments{};
  arguments.exit_signal = SIGCHLD;
  const long child = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (child == 0) _exit(0);
  if (child > 0) waitpid(static_cast<pid_t>(child), nullptr, 0);
  return child;
}

long new_thread() {
  static char stack[64 * 1024];
  return clone([](void*) { return 0; }, stack + sizeof stack,
               CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, nullptr);
}

long sleep_a_little() {
  const timespec time{0, 1'000'000};
  return clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nullptr);
}

long raise_the_parents_limit() {
  const rlimit same{RLIM_INFINITY, RLIM_INFINITY};
  return prlimit(getppid(), RLIMIT_CPU, &same, nullptr);
}

long make_a_ring() {
  io_uring_params parameters{};
  return syscall(SYS_io_uring_setup, 1, &parameters);
}

long set_an_alarm() {
  timer_t timer{};
  return timer_create(CLOCK_MONOTONIC, nullptr, &timer);
}

#if defined(__x86_64__)
// getpid by the way in that 32-bit programs use.
long call_of_32_bit() {
  long result = 20;
  asm volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
  return result;
}
#endif

struct Act {
  std::string_view name;
  long (*run)();
};

constexpr std::array kActs {
  Act{"udp", udp_socket}, Act{"abstract socket", abstract_socket},
      Act{"open a file the new way",
          [] {
            std::array<std::uint64_t, 3> how{};
            return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", how.data(), sizeof how);
          }},
      Act{"read another process",
          [] { return long{open(of_parent("environ").c_str(), O_RDONLY)}; }},
      Act{"write to the root",
          [] { return long{open("/cadlens_probe", O_WRONLY | O_CREAT, 0600)}; }},
      Act{"open its descriptors",
          [] { return long{open(of_parent("fd").c_str(), O_RDONLY | O_DIRECTORY)}; }},
      Act{"steal a descriptor", steal_a_descriptor},
      Act{"read its memory", read_the_parents_memory},
      Act{"kill the parent", [] { return long{kill(getppid(), 0)}; }},
      Act{"kill all", [] { return long{kill(-1, 0)}; }},
      Act{"signal a thread of the parent",
          [] { return syscall(SYS_tgkill, getppid(), getppid(), 0); }},
      Act{"run from memory", run_from_memory},
      Act{"hide in memory", [] { return long{memfd_create("x", 0)}; }}, Act{"clone3", clone3_child},
      Act{"vfork", [] { return syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0); }},
      Act{"new thread", new_thread}, Act{"userfaultfd", [] { return syscall(SYS_userfaultfd, 0); }},
      Act{"make a ring", make_a_ring},
      Act{"keyctl", [] { return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, -3, 1); }},
      Act{"mount", [] { return long{mount("none", "/tmp", "tmpfs", 0, nullptr)}; }},
      Act{"chroot", [] { return long{chroot("/tmp")}; }},
      Act{"change folder", [] { return long{chdir("/tmp")}; }},
      Act{"bpf", [] { return syscall(SYS_bpf, 0, nullptr, 0); }},
      Act{"perf", [] { return syscall(SYS_perf_event_open, nullptr, 0, -1, -1, 0); }},
      Act{"shared memory", [] { return syscall(SYS_shmget, 0, 4096, 0600 | 01000); }},
      Act{"sleep", sleep_a_little}, Act{"alarm", set_an_alarm},
      Act{"raise the parents limit", raise_the_parents_limit},
      Act{"duplicate", [] { return long{dup(1)}; }},
      Act{"pipe",
          [] {
            int ends[2];
            return long{pipe(ends)};
          }},
#if defined(__x86_64__)
      Act{"call of 32 bit", call_of_32_bit},
#endif
};

std::string outcome(long result) {
  return result >= 0 ? "did it" : std::string(strerrorname_np(errno));
}

// Work as a parse does: computing, for so many milliseconds.
void compute(long milliseconds) {
  const auto spent = [] {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
  };
  const long end = spent() + milliseconds;
  while (spent() < end) {
  }
}

// Of "call 57".
std::optional<long> number_after(std::string_view start, std::string_view name) {
  if (!name.starts_with(start)) return {};
  name.remove_prefix(start.size());
  long number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return {};
  return number;
}

}  // namespace

std::string try_call(std::string_view name) {
  if (const auto milliseconds = number_after("compute ", name)) {
    compute(*milliseconds);
    return "";  // as a healthy one
  }
  if (const auto number = number_after("call ", name)) {
    syscall(*number, 0, 0, 0, 0, 0, 0);  // with arguments of zero
    return "came back";
  }
  const auto act = std::find_if(kActs.begin(), kActs.end(),
                                [name](const Act& candidate) { return candidate.name == name; });
  return act == kActs.end() ? "" : outcome(act->run());
}

}  // namespace cad::probe
