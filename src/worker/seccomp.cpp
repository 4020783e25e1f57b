// SPDX-License-Identifier: Apache-2.0
// The filter is a plain list, tried from the top: the calls that a parse makes most come first.
// There is no exception for sanitizers, profilers or debuggers.
#include "worker/seccomp.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cad::worker {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "The sandbox is written for x86_64 and aarch64."
#endif

// x32 calls come with the architecture of x86_64 and this bit; no aarch64 call has it.
constexpr std::uint32_t kX32Bit = 0x40000000;

// Allowed whatever their arguments. None takes a path, makes a descriptor, or reaches another
// process. Descriptors are 0, 1, 2 and the fonts, opened for reading.
constexpr std::array kAllowed = {
    SYS_read,          SYS_write,        SYS_munmap,          SYS_mremap,         SYS_brk,
    SYS_madvise,       SYS_futex,        SYS_pread64,         SYS_lseek,          SYS_fstat,
    SYS_close,         SYS_getrandom,    SYS_rt_sigreturn,    SYS_exit,           SYS_exit_group,
    SYS_clock_gettime, SYS_gettimeofday, SYS_restart_syscall, SYS_rt_sigprocmask, SYS_getpid,
    SYS_gettid,  // of abort()
};

class Program {
 public:
  static constexpr std::uint32_t kNumber = offsetof(seccomp_data, nr);
  static constexpr std::uint32_t kArch = offsetof(seccomp_data, arch);
  // The low half of an argument: enough for flags and process ids.
  static constexpr std::uint32_t argument(std::uint32_t index) {
    return static_cast<std::uint32_t>(offsetof(seccomp_data, args)) + 8 * index;
  }

  void load(std::uint32_t offset) { add(BPF_LD | BPF_W | BPF_ABS, 0, 0, offset); }
  void answer(std::uint32_t action) { add(BPF_RET | BPF_K, 0, 0, action); }
  // Tests of what was loaded: so many instructions are skipped when it holds, so many when not.
  void equal(long value, std::uint8_t yes, std::uint8_t no) {
    add(BPF_JMP | BPF_JEQ | BPF_K, yes, no, static_cast<std::uint32_t>(value));
  }
  void any_bit(std::uint32_t bits, std::uint8_t yes, std::uint8_t no) {
    add(BPF_JMP | BPF_JSET | BPF_K, yes, no, bits);
  }
  void at_least(std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
    add(BPF_JMP | BPF_JGE | BPF_K, yes, no, value);
  }
  sock_fprog program() { return {static_cast<unsigned short>(code_.size()), code_.data()}; }

 private:
  void add(int operation, std::uint8_t yes, std::uint8_t no, std::uint32_t value) {
    code_.push_back({static_cast<std::uint16_t>(operation), yes, no, value});
  }
  std::vector<sock_filter> code_;
};

// For mmap and mprotect, whose third argument is the protection: no memory ever becomes code.
void allow_unless_executable(Program& filter, long number) {
  filter.equal(number, 0, 4);
  filter.load(Program::argument(2));
  filter.any_bit(PROT_EXEC, 0, 1);
  filter.answer(SECCOMP_RET_KILL_PROCESS);
  filter.answer(SECCOMP_RET_ALLOW);
}

// So that abort() ends with SIGABRT and not with a misleading SIGSYS.
void allow_signals_to_itself(Program& filter) {
  filter.equal(SYS_tgkill, 0, 4);
  filter.load(Program::argument(0));
  filter.equal(getpid(), 0, 1);
  filter.answer(SECCOMP_RET_ALLOW);
  filter.answer(SECCOMP_RET_KILL_PROCESS);
}

Program build_filter() {
  Program filter;
  filter.load(Program::kArch);
  filter.equal(kArchitecture, 1, 0);
  filter.answer(SECCOMP_RET_KILL_PROCESS);
  filter.load(Program::kNumber);
  filter.at_least(kX32Bit, 0, 1);
  filter.answer(SECCOMP_RET_KILL_PROCESS);
  for (long number : kAllowed) {
    filter.equal(number, 0, 1);
    filter.answer(SECCOMP_RET_ALLOW);
  }
  allow_unless_executable(filter, SYS_mmap);
  allow_unless_executable(filter, SYS_mprotect);
  allow_signals_to_itself(filter);
  filter.answer(SECCOMP_RET_KILL_PROCESS);
  return filter;
}

}  // namespace

bool close_seccomp() {
  Program filter = build_filter();
  const sock_fprog program = filter.program();
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace cad::worker
