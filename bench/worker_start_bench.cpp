// SPDX-License-Identifier: Apache-2.0
// worker_start_bench [RUNS]: what isolating a parse costs. A drawing of one line, through
// run_worker() and the worker beside this program; CPU of the worker and of this side apart.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "sandbox/worker_client.hpp"

namespace {

using namespace cad;

constexpr std::string_view kOneLine =
    "0\nSECTION\n2\nENTITIES\n0\nLINE\n8\n0\n10\n0\n20\n0\n11\n100\n21\n50\n0\nENDSEC\n0\nEOF\n";

double cpu_ms(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto ms = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

struct Run {
  double wall_ms = 0, worker_cpu_ms = 0;
};

bool run_once(const std::string& worker, std::uint32_t image_px, Run& run) {
  const std::atomic<bool> never = false;
  sandbox::WorkerRequest request;
  request.file_name = "line.dxf";
  request.file_size = kOneLine.size();
  request.image_px = image_px;
  const auto drawing = [](std::span<std::byte> into) -> Result<std::size_t> {
    std::copy_n(std::as_bytes(std::span(kOneLine)).begin(), kOneLine.size(), into.begin());
    return kOneLine.size();
  };
  const double cpu = cpu_ms(RUSAGE_CHILDREN);
  const auto start = std::chrono::steady_clock::now();
  const sandbox::WorkerReport report = sandbox::run_worker(worker, request, drawing, {}, never);
  run.wall_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  run.worker_cpu_ms = cpu_ms(RUSAGE_CHILDREN) - cpu;
  if (report.end == sandbox::WorkerEnd::completed) return true;
  std::fprintf(stderr, "%s: %s\n%s", worker.c_str(),
               report.error ? report.error->message.c_str() : "", report.log.c_str());
  return false;
}

// Middle and 99th percentile of one figure.
void print(const char* what, std::vector<double> values) {
  std::ranges::sort(values);
  std::printf("  %-12s median %6.2f ms   99%% %6.2f ms\n", what, values[values.size() / 2],
              values[values.size() * 99 / 100]);
}

bool measure(const std::string& worker, std::uint32_t image_px, int runs) {
  std::vector<double> wall;
  std::vector<double> cpu;
  const double own_before = cpu_ms(RUSAGE_SELF);
  for (int i = 0; i < runs; ++i) {
    Run run;
    if (!run_once(worker, image_px, run)) return false;
    wall.push_back(run.wall_ms);
    cpu.push_back(run.worker_cpu_ms);
  }
  std::printf("one line, %u px preview, %d runs:\n", image_px, runs);
  print("wall", wall);
  print("worker CPU", cpu);
  std::printf("  %-12s mean   %6.2f ms\n", "service CPU",
              (cpu_ms(RUSAGE_SELF) - own_before) / runs);
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  const int runs = std::max(1, count > 1 ? std::atoi(arguments[1]) : 200);
  const std::string worker = count > 2 ? arguments[2] : sandbox::default_worker_path();
  return measure(worker, 16, runs) && measure(worker, 2048, runs) ? 0 : 1;
}
