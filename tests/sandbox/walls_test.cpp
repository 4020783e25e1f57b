// SPDX-License-Identifier: Apache-2.0
// What a taken-over worker tries, and what the walls make of it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include "run_probe.hpp"
#include "sandbox/isolation.hpp"
#include "test_paths.hpp"

namespace cad::sandbox {
namespace {

std::string test_name(const testing::TestParamInfo<std::string>& act) {
  std::string name = act.param;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

const std::vector<std::string> kPossibleOutside = {"open a file",
                                                   "look at a file",
                                                   "list a folder",
                                                   "write a file",
                                                   "socket",
                                                   "bind",
                                                   "unix socket",
                                                   "fork",
                                                   "signal the parent",
                                                   "map executable",
                                                   "make executable",
                                                   "prctl",
                                                   "udp",
                                                   "abstract socket",
                                                   "open a file the new way",
                                                   "read another process",
                                                   "open its descriptors",
                                                   "kill the parent",
                                                   "signal a thread of the parent",
                                                   "hide in memory",
                                                   "clone3",
                                                   "change folder",
                                                   "sleep",
                                                   "alarm",
                                                   "duplicate",
                                                   "pipe"};

// Not possible for every user, on every kernel, or twice.
const std::vector<std::string> kOthers = {"remove a file",
                                          "exec",
                                          "ptrace",
                                          "raise a limit",
                                          "own a namespace",
                                          "io_uring",
                                          "steal a descriptor",
                                          "read its memory",
                                          "kill all",
                                          "run from memory",
                                          "vfork",
                                          "new thread",
                                          "userfaultfd",
                                          "make a ring",
                                          "keyctl",
                                          "mount",
                                          "chroot",
                                          "bpf",
                                          "perf",
                                          "shared memory",
                                          "raise the parents limit",
#if defined(__x86_64__)
                                          "x32 call"
#endif
};

class Forbidden : public testing::TestWithParam<std::string> {};

TEST_P(Forbidden, S18_act_ends_the_worker_with_sigsys) {
  const ProbeRun run = run_probe({GetParam()});
  EXPECT_EQ(run.report.end, WorkerEnd::crashed) << to_string(run.report.end);
  EXPECT_EQ(run.report.signal, SIGSYS);
  EXPECT_TRUE(run.parts.parts.empty());
  ASSERT_TRUE(run.report.error);
  EXPECT_EQ(run.report.error->code, ErrorCode::internal);
}

INSTANTIATE_TEST_SUITE_P(Possible, Forbidden, testing::ValuesIn(kPossibleOutside), test_name);
INSTANTIATE_TEST_SUITE_P(Other, Forbidden, testing::ValuesIn(kOthers), test_name);

#if defined(__x86_64__)
// A kernel without 32-bit calls ends the process by itself.
TEST(Sandbox, S18_a_call_of_32_bit_ends_the_worker) {
  const ProbeRun run = run_probe({"call of 32 bit"});
  EXPECT_EQ(run.report.end, WorkerEnd::crashed) << to_string(run.report.end);
  EXPECT_TRUE(run.report.signal == SIGSYS || run.report.signal == SIGSEGV) << run.report.signal;
  EXPECT_TRUE(run.parts.parts.empty());
}
#endif

// Else the test above would prove little.
class Outside : public testing::TestWithParam<std::string> {};

TEST_P(Outside, act_succeeds_without_the_walls) {
  ProbeCall call{GetParam()};
  call.program = "sandbox_probe_free";
  ProbeRun run = run_probe(call);
  EXPECT_EQ(run.report.end, WorkerEnd::completed) << to_string(run.report.end);
  EXPECT_EQ(run.parts.result(), "did it");
}

INSTANTIATE_TEST_SUITE_P(Possible, Outside, testing::ValuesIn(kPossibleOutside), test_name);

// The list of seccomp.cpp, written a second time on purpose: making it longer is to be noticed.
const std::set<long> kListed = {
    SYS_read,          SYS_write,        SYS_munmap,          SYS_mremap,         SYS_brk,
    SYS_madvise,       SYS_futex,        SYS_pread64,         SYS_lseek,          SYS_fstat,
    SYS_close,         SYS_getrandom,    SYS_rt_sigreturn,    SYS_exit,           SYS_exit_group,
    SYS_clock_gettime, SYS_gettimeofday, SYS_restart_syscall, SYS_rt_sigprocmask, SYS_getpid,
    SYS_gettid,        SYS_mmap,         SYS_mprotect};

// uretprobe and uprobe: the kernel lets them pass every filter, as they serve its own probes, and
// does nothing for a process that no probe was set on.
#if defined(__x86_64__)
const std::set<long> kOfProbes = {335, 336};
#else
const std::set<long> kOfProbes = {};
#endif

// In steps, so that a finding is a test's name and the steps may run side by side.
class EveryCall : public testing::TestWithParam<long> {};

TEST_P(EveryCall, S18_that_is_not_listed_ends_the_worker) {
  for (long number = GetParam(); number < GetParam() + 64; ++number) {
    if (kListed.contains(number) || kOfProbes.contains(number)) continue;
    const ProbeRun run = run_probe({"call " + std::to_string(number)});
    EXPECT_EQ(run.report.signal, SIGSYS) << number;
    EXPECT_EQ(run.report.end, WorkerEnd::crashed) << number;
  }
}

INSTANTIATE_TEST_SUITE_P(From, EveryCall, testing::Range(0L, 512L, 64L));

// Landlock holds by itself, should a kernel's seccomp ever not.
TEST(Sandbox, S18_landlock_alone_denies_files_and_network) {
  const long abi = syscall(444, nullptr, 0, 1);
  if (abi < 1) GTEST_SKIP() << "this kernel has no Landlock";
  const auto outcome = [](const char* act) {
    ProbeCall call{act};
    call.program = "sandbox_probe_landlock";
    return run_probe(call).parts.result();
  };
  EXPECT_EQ(outcome("open a file"), "EACCES");
  EXPECT_EQ(outcome("list a folder"), "EACCES");
  EXPECT_EQ(outcome("write a file"), "EACCES");
  if (abi >= 4) {
    EXPECT_EQ(outcome("bind"), "EACCES");
  }
  if (abi >= 6) {
    EXPECT_EQ(outcome("signal the parent"), "EPERM");
  }
}

// What stands in for Landlock on older kernels.
TEST(Sandbox, S18_an_empty_root_alone_leaves_no_file_to_open) {
  const auto run = [](const char* act) {
    ProbeCall call{act};
    call.program = "sandbox_probe_empty_root";
    return run_probe(call);
  };
  if (run("healthy").report.end == WorkerEnd::failed_to_start) {
    GTEST_SKIP() << "this system does not let everyone make namespaces";
  }
  EXPECT_EQ(run("open a file").parts.result(), "ENOENT");
  EXPECT_EQ(run("read another process").parts.result(), "ENOENT");
  EXPECT_EQ(run("exec").parts.result(), "ENOENT");
  EXPECT_EQ(run("write a file").parts.result(), "ENOENT");
  EXPECT_EQ(run("write to the root").parts.result(), "EROFS");
  EXPECT_EQ(run("list a folder").parts.result(), "did it") << "the root itself, and it is empty";
}

TEST(Sandbox, S18_the_self_test_tells_which_walls_stand) {
  const auto isolation = test_isolation(test_paths::binary_dir + "/sandbox_probe");
  ASSERT_TRUE(isolation) << isolation.error().message;
  EXPECT_TRUE(isolation->seccomp);
  EXPECT_TRUE(isolation->no_new_privs);
  EXPECT_TRUE(isolation->rlimits);
  EXPECT_TRUE(isolation->capabilities);
  EXPECT_TRUE(isolation->not_dumpable);
  const long abi = syscall(444, nullptr, 0, 1);
  EXPECT_EQ(isolation->landlock, std::max(abi, 0L));
  EXPECT_EQ(isolation->empty_root, abi < 1);
  EXPECT_TRUE(check_minimum(*isolation));
}

TEST(Sandbox, S18_a_program_without_a_self_test_is_not_trusted) {
  for (const char* program : {"/bin/true", "/bin/cat", "/nowhere/cadlens-worker"}) {
    const auto isolation = test_isolation(program, std::chrono::milliseconds(300));
    ASSERT_FALSE(isolation) << program;
    EXPECT_EQ(isolation.error().code, ErrorCode::unavailable);
    EXPECT_NE(isolation.error().message.find(program), std::string::npos);
  }
}

TEST(Sandbox, S18_a_network_namespace_alone_leads_nowhere) {
  ProbeCall call{"connect"};
  call.program = "sandbox_probe_free";
  EXPECT_EQ(run_probe(call).parts.result(), "ECONNREFUSED");
  call.program = "sandbox_probe_namespaces";
  ProbeRun run = run_probe(call);
  if (run.report.end == WorkerEnd::failed_to_start) {
    GTEST_SKIP() << "this system does not let everyone make namespaces";
  }
  EXPECT_EQ(run.parts.result(), "ENETUNREACH");
}

TEST(Sandbox, S18_inherits_three_descriptors_no_environment_and_the_root_folder) {
  const int leak = open("/etc/passwd", O_RDONLY);  // on purpose without O_CLOEXEC
  ASSERT_GE(leak, 3);
  setenv("CADLENS_MASTER_KEY", "a secret", 1);
  ProbeCall call{"inheritance"};
  call.program = "sandbox_probe_free";
  EXPECT_EQ(run_probe(call).parts.result(), "descriptors 0 1 2 variables 0 folder /");
  unsetenv("CADLENS_MASTER_KEY");
  close(leak);
}

TEST(Sandbox, S18_a_healthy_job_completes_inside_the_walls) {
  std::string drawing(3'000'001, '\0');
  for (std::size_t i = 0; i < drawing.size(); ++i) drawing[i] = static_cast<char>(i * 7 + i / 251);
  ProbeRun run = run_probe({"healthy", drawing});
  ASSERT_EQ(run.report.end, WorkerEnd::completed) << run.report.log;
  EXPECT_EQ(run.parts.result(), checksum(drawing));
  EXPECT_FALSE(run.report.error);
  EXPECT_EQ(run.report.format, "DXF");
  EXPECT_EQ(run.report.version, "AC1032");
  EXPECT_EQ(run.report.entities, 3u);
  EXPECT_EQ(run.report.sheets, 1u);
  EXPECT_FALSE(run.report.truncated);
}

TEST(Sandbox, an_empty_drawing_is_handed_over_too) {
  EXPECT_EQ(run_probe({"healthy", ""}).parts.result(), checksum(""));
}

TEST(Sandbox, a_worker_may_answer_before_it_reads) {
  const std::string drawing(5'000'000, 'd');
  ProbeRun run = run_probe({"answer before reading", drawing});
  ASSERT_EQ(run.report.end, WorkerEnd::completed);
  EXPECT_EQ((run.parts.parts[{PartKind::xdata, 0}].size()), 8u << 20);
  EXPECT_EQ(run.parts.result(), checksum(drawing));
}

TEST(Sandbox, a_worker_may_never_read) {
  ProbeCall call{"", std::string(20'000'000, 'd')};
  call.limits.cpu = std::chrono::seconds(77);  // the probe's sign for it
  ProbeRun run = run_probe(call);
  EXPECT_EQ(run.report.end, WorkerEnd::completed);
  EXPECT_EQ(run.parts.result(), "read nothing");
}

TEST(Sandbox, progress_never_goes_back) {
  const std::atomic<bool> never = false;
  std::vector<int> seen;
  WorkerCallbacks callbacks;
  callbacks.progress = [&](std::string_view phase, int percent) {
    EXPECT_EQ(phase, "reading");
    seen.push_back(percent);
  };
  WorkerRequest request;
  request.file_name = "progress";
  run_worker(cad::test_paths::binary_dir + "/sandbox_probe", request, source_of(""), callbacks,
             never);
  EXPECT_EQ(seen, (std::vector<int>{10, 50, 90}));
}

}  // namespace
}  // namespace cad::sandbox
