// SPDX-License-Identifier: Apache-2.0
// DWG -> model in process, each file the best of several readings: megabytes of input a second for
// the files over 500 KB, and the median file's time.
//   dwg_model_bench FILE...
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "formats/format.hpp"

namespace {

constexpr std::size_t kLarge = 500'000;
constexpr int kReadings = 7;

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Seconds of CPU; negative when the file cannot be read.
double best_reading(cad::Bytes file) {
  const cad::Limits limits;
  double best = 1e9;
  for (int i = 0; i < kReadings; ++i) {
    cad::Diagnostics diagnostics;
    const double start = cpu_seconds();
    const auto drawing = cad::read_drawing(file, {limits, diagnostics});
    const double taken = cpu_seconds() - start;  // the worker never frees its drawing
    if (!drawing) return -1;
    best = std::min(best, taken);
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<double> times, speeds;
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    const std::vector<char> content{std::istreambuf_iterator<char>(in), {}};
    const double seconds = best_reading(std::as_bytes(std::span(content)));
    if (seconds < 0) continue;
    times.push_back(seconds);
    const double speed = static_cast<double>(content.size()) / 1e6 / seconds;
    if (content.size() <= kLarge) continue;
    speeds.push_back(speed);
    std::printf("%8.2f ms %7.1f MB/s %s\n", 1e3 * seconds, speed, argv[i]);
  }
  std::ranges::sort(times);
  std::ranges::sort(speeds);
  if (times.empty()) return 1;
  std::printf("%zu files, median %.2f ms, slowest %.2f ms\n", times.size(),
              1e3 * times[times.size() / 2], 1e3 * times.back());
  if (!speeds.empty())
    std::printf("over 500 KB: slowest %.1f MB/s, median %.1f MB/s\n", speeds.front(),
                speeds[speeds.size() / 2]);
  return 0;
}
