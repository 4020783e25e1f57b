// SPDX-License-Identifier: Apache-2.0
// isolation_cost [RUNS [FILE [PX]]]: what a process of its own costs a job: the same drawing parsed
// right here, in a worker that was started ahead (after a pause in which it could close itself in,
// as between the jobs of a service that keeps up), and in one that is started for it; in turns.
// Without FILE: a drawing of one line; PX: of the preview's longer side, 0 for none. And the
// processor time of each kind.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/parse.hpp"
#include "sandbox/spares.hpp"
#include "sandbox/worker_client.hpp"
#include "text/fonts.hpp"

namespace {

using namespace cad;

constexpr const char* kOneLine =
    "0\nSECTION\n2\nENTITIES\n0\nLINE\n8\n0\n10\n0\n20\n0\n11\n100\n21\n50\n0\nENDSEC\n0\nEOF\n";

constexpr std::chrono::milliseconds kPause{50};

struct Nowhere : PartSink {
  Result<void> write(PartKind, std::uint32_t, std::span<const std::byte>) override { return {}; }
};

template <class Work>
double ms_of(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

// Of this thread, or of the workers that have ended.
double cpu_ms_of(int whose) {
  rusage used{};
  ::getrusage(whose, &used);
  const auto ms = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return ms(used.ru_utime) + ms(used.ru_stime);
}

bool isolated(sandbox::Spares& workers, const std::string& drawing, int image_px) {
  const std::atomic<bool> never = false;
  Nowhere nowhere;
  sandbox::WorkerRequest request;
  request.file_name = "drawing";
  request.file_size = drawing.size();
  request.image_px = static_cast<decltype(request.image_px)>(image_px);
  std::size_t at = 0;
  const auto source = [&](std::span<std::byte> into) -> Result<std::size_t> {
    const std::size_t count = std::min(into.size(), drawing.size() - at);
    std::copy_n(std::as_bytes(std::span(drawing)).begin() + static_cast<std::ptrdiff_t>(at), count,
                into.begin());
    at += count;
    return count;
  };
  return workers.run(request, source, {&nowhere, {}}, never).end == sandbox::WorkerEnd::completed;
}

bool here(const std::string& drawing, int image_px, text::FontLibrary& fonts) {
  Nowhere nowhere;
  ParseOptions options;
  options.image_px = image_px;
  options.png = image_px > 0;
  options.thumbnail_px = kThumbnailPx;
  return parse_to_parts(std::as_bytes(std::span(drawing)), options, fonts, nowhere).has_value();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main(int count, char** arguments) {
  const int runs = std::max(1, count > 1 ? std::atoi(arguments[1]) : 100);
  const int image_px = count > 3 ? std::atoi(arguments[3]) : ParseOptions().image_px;
  std::string drawing = kOneLine;
  if (count > 2) {
    std::ifstream in(arguments[2], std::ios::binary);
    drawing.assign(std::istreambuf_iterator<char>(in), {});
  }
  const std::string worker = sandbox::default_worker_path();
  const auto fonts = text::FontLibrary::open_system_fonts();
  sandbox::Spares ahead(worker, {}, 1), none(worker, {}, 0);
  std::vector<double> ready, started, inside;
  double inside_cpu_ms = 0;
  for (int i = 0; i < runs; ++i) {
    bool good = true;
    std::this_thread::sleep_for(kPause);
    ready.push_back(ms_of([&] { good = isolated(ahead, drawing, image_px); }));
    std::this_thread::sleep_for(kPause);
    started.push_back(ms_of([&] { good = isolated(none, drawing, image_px) && good; }));
    const double before_ms = cpu_ms_of(RUSAGE_THREAD);
    inside.push_back(ms_of([&] { good = here(drawing, image_px, *fonts) && good; }));
    inside_cpu_ms += cpu_ms_of(RUSAGE_THREAD) - before_ms;
    if (!good) {
      std::fprintf(stderr, "isolation_cost: the drawing was not parsed\n");
      return 1;
    }
  }
  const double here_ms = median(inside);
  std::printf("%zu bytes, %d runs, median in process %.2f ms\n", drawing.size(), runs, here_ms);
  std::printf("worker started ahead: %.2f ms, %.2f ms more\n", median(ready),
              median(ready) - here_ms);
  std::printf("worker started for it: %.2f ms, %.2f ms more\n", median(started),
              median(started) - here_ms);
  std::printf("processor time: a worker %.2f ms, in process %.2f ms\n",
              cpu_ms_of(RUSAGE_CHILDREN) / (2 * runs), inside_cpu_ms / runs);
  return 0;
}
