// SPDX-License-Identifier: Apache-2.0
#include "probe_acts.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

namespace cad::probe {
namespace {

using sandbox::FrameHeader;
using sandbox::FrameKind;

std::string outcome(long result) {
  return result >= 0 ? "did it" : std::string(strerrorname_np(errno));
}

template <class Call>
std::string with_loopback_socket(Call call) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) return outcome(fd);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = 0;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return outcome(call(fd, reinterpret_cast<sockaddr*>(&address), socklen_t{sizeof address}));
}

std::string fork_once() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  if (child > 0) waitpid(child, nullptr, 0);
  return outcome(child);
}

std::string run_a_program() {
  char name[] = "true";
  char* arguments[] = {name, nullptr};
  return outcome(execve("/bin/true", arguments, nullptr));
}

std::string map_executable() {
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return outcome(page == MAP_FAILED ? -1 : 0);
}

std::string make_executable() {
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return outcome(-1);
  return outcome(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

std::string write_a_file() {
  const std::string path = "/tmp/cadlens_probe_" + std::to_string(getpid());
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (fd < 0) return outcome(fd);
  const std::string how = outcome(write(fd, "x", 1));
  unlink(path.c_str());
  return how;
}

std::string raise_a_limit() {
  const rlimit more{RLIM_INFINITY, RLIM_INFINITY};
  return outcome(setrlimit(RLIMIT_AS, &more));
}

[[noreturn]] void hang() {
  static std::uint32_t never = 0;
  for (;;) syscall(SYS_futex, &never, FUTEX_WAIT, 0, nullptr, nullptr, 0);
}

void spin() {
  static volatile bool done = false;
  while (!done) {
  }
}

[[noreturn]] void eat_memory() {
  std::vector<char*> kept;
  for (;;) {
    kept.push_back(new char[1 << 20]);
    std::memset(kept.back(), 1, 1 << 20);
  }
}

void raw(const void* bytes, std::size_t size) {
  if (write(1, bytes, size) < 0) _exit(9);
}

void raw_frame(FrameKind kind, std::uint16_t part, std::uint32_t number, std::uint32_t length,
               std::string_view payload) {
  const FrameHeader header{sandbox::kFrameMagic, kind, part, number, length};
  raw(&header, sizeof header);
  if (!payload.empty()) raw(payload.data(), payload.size());
}

// Descriptors above 2, variables of the environment, and the folder: for the free build.
std::string inheritance() {
  std::string fds;
  for (int fd = 0; fd < 1024; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) fds += std::to_string(fd) + " ";
  }
  std::size_t variables = 0;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) ++variables;
  char folder[4096] = "";
  if (getcwd(folder, sizeof folder) == nullptr) return "no folder";
  return "descriptors " + fds + "variables " + std::to_string(variables) + " folder " + folder;
}

std::string do_harm(std::string_view name) {
  if (name == "hang") hang();
  if (name == "spin") spin();
  if (name == "eat memory") eat_memory();
  if (name == "allocate 100 GB") (void)new char[100ull << 30];
  if (name == "exit 3") _exit(3);
  if (name == "abort") abort();
  if (name == "segfault") {
    static int* volatile nowhere = nullptr;
    *nowhere = 1;
  }
  if (name == "close stdout and hang") {
    close(1);
    hang();
  }
  if (name == "close stdout") {
    close(1);
    _exit(0);
  }
  if (name == "flood stderr") {
    const std::string line(4095, 'x');
    for (int i = 0; i < 1000; ++i) {
      if (write(2, (line + "\n").data(), 4096) < 0 && errno != EPIPE) _exit(9);
    }
    return "did it";
  }
  return "";
}

}  // namespace

std::string try_act(std::string_view name) {
  if (name == "open a file") return outcome(open("/etc/passwd", O_RDONLY));
  if (name == "look at a file") {
    struct stat status {};
    return outcome(stat("/etc/passwd", &status));
  }
  if (name == "list a folder") return outcome(open("/", O_RDONLY | O_DIRECTORY));
  if (name == "write a file") return write_a_file();
  if (name == "remove a file") return outcome(unlink("/tmp/cadlens_probe_none"));
  if (name == "socket") return outcome(socket(AF_INET, SOCK_STREAM, 0));
  if (name == "bind") return with_loopback_socket(bind);
  if (name == "connect") return with_loopback_socket(connect);
  if (name == "unix socket") return outcome(socket(AF_UNIX, SOCK_STREAM, 0));
  if (name == "fork") return fork_once();
  if (name == "exec") return run_a_program();
  if (name == "ptrace") return outcome(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr));
  if (name == "signal the parent") return outcome(kill(getppid(), 0));
  if (name == "map executable") return map_executable();
  if (name == "make executable") return make_executable();
  if (name == "raise a limit") return raise_a_limit();
  if (name == "own a namespace") return outcome(syscall(SYS_unshare, 0x10000000));
  if (name == "prctl") return outcome(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
  if (name == "io_uring") return outcome(syscall(425, 1, nullptr));
#if defined(__x86_64__)
  if (name == "x32 call") return outcome(syscall(0x40000000 | SYS_getpid));
#endif
  if (name == "inheritance") return inheritance();
  if (std::string how = try_call(name); !how.empty()) return how;
  return do_harm(name);
}

bool lie(std::string_view name, worker::FrameWriter& frames) {
  const auto result = static_cast<std::uint16_t>(PartKind::result);
  if (name == "garbage") {
    const std::string garbage(5000, '\x5a');
    raw(garbage.data(), garbage.size());
  } else if (name == "oversized part") {
    raw_frame(FrameKind::part, result, 0, 0xffffffff, "x");
  } else if (name == "oversized error") {
    raw_frame(FrameKind::error, 0, 0, 1 << 19, "x");
  } else if (name == "empty part") {
    raw_frame(FrameKind::part, result, 0, 0, "");
  } else if (name == "unknown frame") {
    raw_frame(static_cast<FrameKind>(77), 0, 0, 1, "x");
  } else if (name == "unknown part") {
    raw_frame(FrameKind::part, 99, 0, 1, "x");
  } else if (name == "second result") {
    raw_frame(FrameKind::part, result, 1, 1, "x");
  } else if (name == "too many parts") {
    const auto png = static_cast<std::uint16_t>(PartKind::png);
    for (std::uint32_t i = 0; i <= sandbox::kMaxParts; ++i)
      raw_frame(FrameKind::part, png, i, 1, "x");
  } else if (name == "101 percent") {
    raw_frame(FrameKind::progress, 0, 101, 1, "x");
  } else if (name == "error that is no text") {
    raw_frame(FrameKind::error, 0, 0, 2, "\xc0\xaf");
  } else if (name == "done without a result") {
    frames.done({}, "DXF", "AC1032");
  } else if (name == "short done") {
    raw_frame(FrameKind::part, result, 0, 1, "x");
    raw_frame(FrameKind::done, 0, 0, 3, "xyz");
  } else if (name == "done of a wrong length") {
    raw_frame(FrameKind::part, result, 0, 1, "x");
    sandbox::DoneHeader header;
    header.format_bytes = 200;
    const std::string payload(reinterpret_cast<const char*>(&header), sizeof header);
    raw_frame(FrameKind::done, 0, 0, sizeof header, payload);
  } else if (name == "speaks after done") {
    raw_frame(FrameKind::part, result, 0, 1, "x");
    frames.done({}, "DXF", "AC1032");
    raw_frame(FrameKind::part, result, 0, 1, "x");
  } else {
    return false;
  }
  return true;
}

}  // namespace cad::probe
