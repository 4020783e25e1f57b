// SPDX-License-Identifier: Apache-2.0
// DXF -> model, beside a plain loop over the same mapped file that splits lines and calls
// from_chars for codes and coordinates: the least any reader has to do.
//   dxf_model_bench FILE [--once | --benchmark_...]
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "formats/format.hpp"

namespace {

using namespace cad;

Bytes map_file(const char* path) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  struct stat info {};
  if (::fstat(fd, &info) != 0 || info.st_size <= 0) return {};
  const auto size = static_cast<std::size_t>(info.st_size);
  void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
  ::close(fd);
  if (at == MAP_FAILED) return {};
  return {static_cast<const std::byte*>(at), size};
}

void plain_loop(benchmark::State& state, Bytes file) {
  const char* const begin = reinterpret_cast<const char*>(file.data());
  const char* const end = begin + file.size();
  for (auto _ : state) {
    double sum = 0;
    std::size_t groups = 0;
    for (const char* p = begin; p < end; ++groups) {
      const auto line_end = [end](const char* from) {
        const void* found = std::memchr(from, '\n', static_cast<std::size_t>(end - from));
        return found != nullptr ? static_cast<const char*>(found) : end;
      };
      const char* const code_end = line_end(p);
      while (p < code_end && *p == ' ') ++p;
      int code = -1;
      std::from_chars(p, code_end, code);
      if (code_end == end) break;
      const char* const value = code_end + 1;
      const char* const value_end = line_end(value);
      if (code >= 10 && code < 60) {
        double number = 0;
        std::from_chars(value, value_end, number);
        sum += number;
      }
      if (value_end == end) break;
      p = value_end + 1;
    }
    benchmark::DoNotOptimize(sum);
    benchmark::DoNotOptimize(groups);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * file.size()));
}

void dxf_to_model(benchmark::State& state, Bytes file) {
  const Limits limits;
  std::size_t entities = 0;
  for (auto _ : state) {
    Diagnostics diagnostics;
    auto drawing = read_drawing(file, {limits, diagnostics});
    if (!drawing) {
      state.SkipWithError(drawing.error().message.c_str());
      return;
    }
    entities = 0;
    for (const Layout& layout : drawing->layouts)
      entities += drawing->at(layout.block).entities.size();
    state.PauseTiming();  // the worker never frees its drawing: it exits
    *drawing = Drawing{};
    state.ResumeTiming();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * file.size()));
  state.counters["entities"] = static_cast<double>(entities);
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  state.counters["peak/input"] =
      static_cast<double>(usage.ru_maxrss) * 1024 / static_cast<double>(file.size());
}

// One reading in a process of its own, beside other programs that are measured that way.
int read_once(Bytes file) {
  const Limits limits;
  Diagnostics diagnostics;
  const auto drawing = read_drawing(file, {limits, diagnostics});
  if (!drawing) return 1;
  std::size_t entities = 0;
  for (const Block& block : drawing->blocks) entities += block.entities.size();
  std::printf("%zu entities\n", entities);
  std::fflush(stdout);
  ::_exit(entities == 0);  // as the worker: nothing is freed
}

}  // namespace

int main(int argc, char** argv) {
  const Bytes file = argc > 1 ? map_file(argv[1]) : Bytes{};
  if (file.empty()) {
    std::fprintf(stderr, "usage: dxf_model_bench FILE [--once | --benchmark_...]\n");
    return 2;
  }
  if (argc > 2 && std::string_view(argv[2]) == "--once") return read_once(file);
  if (argc > 2 && std::string_view(argv[2]) == "--once") return read_once(file);
  for (int i = 2; i < argc; ++i) argv[i - 1] = argv[i];
  --argc;
  benchmark::RegisterBenchmark("plain loop", plain_loop, file)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("DXF to model", dxf_to_model, file)->Unit(benchmark::kMillisecond);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
