// SPDX-License-Identifier: Apache-2.0
// The worker as shipped: the release build, from CADLENS_WORKER or build/release.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "run_probe.hpp"
#include "test_paths.hpp"

namespace cad::sandbox {
namespace {

std::string worker_path() {
  const char* path = std::getenv("CADLENS_WORKER");
  return path != nullptr ? path : cad::test_paths::source_dir + "/build/release/cadlens-worker";
}

class RealWorker : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(worker_path())) {
      GTEST_SKIP() << "no worker at " << worker_path()
                   << ": build the release preset, or set CADLENS_WORKER";
    }
  }

  ProbeRun parse(const std::string& drawing, WorkerLimits limits = {},
                 std::uint32_t image_px = 200) {
    const std::atomic<bool> never = false;
    ProbeRun run;
    WorkerRequest request;
    request.file_name = "house.dxf";
    request.file_size = drawing.size();
    request.image_px = image_px;
    request.limits = limits;
    run.report =
        run_worker(worker_path(), request, source_of(drawing), {&run.parts, nullptr}, never);
    return run;
  }
};

constexpr const char* kOneLine =
    "0\nSECTION\n2\nENTITIES\n0\nLINE\n8\nWALLS\n10\n0\n20\n0\n11\n100\n21\n50\n0\nTEXT\n8\nWALLS\n"
    "10\n5\n20\n5\n40\n10\n1\nHouse\n0\nENDSEC\n0\nEOF\n";

TEST_F(RealWorker, S18_parses_a_drawing_inside_the_walls) {
  ProbeRun run = parse(kOneLine);
  ASSERT_EQ(run.report.end, WorkerEnd::completed)
      << to_string(run.report.end) << " signal " << run.report.signal << " "
      << (run.report.error ? run.report.error->message : "") << run.report.log;
  EXPECT_EQ(run.report.format, "DXF");
  EXPECT_EQ(run.report.entities, 2u);
  EXPECT_THAT(run.parts.result(), testing::HasSubstr("WALLS"));
  EXPECT_TRUE((run.parts.parts[{PartKind::png, 0}].starts_with("\x89PNG")));
  EXPECT_FALSE(run.parts.parts.contains({PartKind::thumbnail, 0})) << "the preview is that small";
  ProbeRun large = parse(kOneLine, {}, 800);
  EXPECT_TRUE((large.parts.parts[{PartKind::thumbnail, 0}].starts_with("\x89PNG")));
}

TEST_F(RealWorker, refuses_what_is_no_drawing_with_a_reason) {
  ProbeRun run = parse("\x89PNG\r\n\x1a\n and so on");
  EXPECT_EQ(run.report.end, WorkerEnd::rejected);
  EXPECT_EQ(run.report.error->code, ErrorCode::not_a_drawing);
  EXPECT_GT(run.report.error->message.size(), 10u);
}

TEST_F(RealWorker, S18_too_little_memory_is_said_as_such) {
  WorkerLimits limits;
  limits.memory_bytes = 50ull << 20;
  std::string drawing = kOneLine;
  drawing.insert(0, "999\n" + std::string(60'000'000, 'x') + "\n");
  ProbeRun run = parse(drawing, limits);
  EXPECT_EQ(run.report.end, WorkerEnd::out_of_memory);
  EXPECT_THAT(run.report.error->message, testing::HasSubstr("50 MB of memory"));
}

// Never a preview without its texts because a library was refused a few bytes.
TEST_F(RealWorker, S18_short_of_memory_it_says_so_or_gives_the_whole_result) {
  std::string drawing = "0\nSECTION\n2\nENTITIES\n";
  for (int i = 0; i < 300; ++i) {
    drawing += "0\nTEXT\n8\n0\n10\n" + std::to_string(i % 20 * 60) + "\n20\n" +
               std::to_string(i / 20 * 20) + "\n40\n10\n1\n\\U+00C4rea " +
               std::to_string(i * 7919 % 1000) + "\n";
  }
  drawing += "0\nENDSEC\n0\nEOF\n";
  ProbeRun whole = parse(drawing);
  ASSERT_EQ(whole.report.end, WorkerEnd::completed);

  int short_of_memory = 0;
  int completed = 0;
  for (std::uint64_t memory = 10ull << 20; completed < 5; memory += 300'000) {
    WorkerLimits limits;
    limits.memory_bytes = memory;
    ProbeRun run = parse(drawing, limits);
    if (run.report.end == WorkerEnd::out_of_memory) {
      ++short_of_memory;
      continue;
    }
    ++completed;
    ASSERT_EQ(run.report.end, WorkerEnd::completed) << memory;
    for (PartKind kind : {PartKind::png, PartKind::scene}) {
      EXPECT_TRUE((run.parts.parts[{kind, 0}] == whole.parts.parts[{kind, 0}])) << memory;
    }
  }
  EXPECT_GT(short_of_memory, 5);
}

// No network, database, TLS or HTTP library is even there to be misused.
TEST_F(RealWorker, S18_links_the_library_only) {
  FILE* ldd = popen(("ldd " + worker_path() + " 2>&1").c_str(), "r");
  ASSERT_NE(ldd, nullptr);
  std::string libraries;
  std::array<char, 4096> buffer;
  while (const std::size_t got = fread(buffer.data(), 1, buffer.size(), ldd)) {
    libraries.append(buffer.data(), got);
  }
  pclose(ldd);
  for (const char* foreign :
       {"ssl", "crypto", "sqlite", "boost", "curl", "pq.so", "nghttp", "resolv", "nss"}) {
    EXPECT_THAT(libraries, testing::Not(testing::HasSubstr(foreign)));
  }
}

}  // namespace
}  // namespace cad::sandbox
