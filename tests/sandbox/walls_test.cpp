// SPDX-License-Identifier: Apache-2.0
// What a taken-over worker tries, and what the walls make of it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>

#include "run_probe.hpp"
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
                                                   "prctl"};

// Not possible for every user, on every kernel, or twice.
const std::vector<std::string> kOthers = {"remove a file",   "exec",     "ptrace", "raise a limit",
                                          "own a namespace", "io_uring",
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
