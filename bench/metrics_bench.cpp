// SPDX-License-Identifier: Apache-2.0
// What an observation costs.
#include <benchmark/benchmark.h>

#include "metrics/metrics.hpp"

namespace {

using namespace std::chrono_literals;

cad::metrics::Metrics& all() {
  static cad::metrics::Metrics metrics;
  return metrics;
}

void counter(benchmark::State& state) {
  const auto counter = all().registry.counter("a_total", "A.");
  for (auto _ : state) counter.add();
}
BENCHMARK(counter)->Threads(1)->Threads(2);

void histogram(benchmark::State& state) {
  constexpr double kBounds[] = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60};
  const auto histogram = all().registry.histogram("b_seconds", "B.", kBounds);
  for (auto _ : state) histogram.observe(0.02);
}
BENCHMARK(histogram)->Threads(1)->Threads(2);

void clock_and_histogram(benchmark::State& state) {
  constexpr double kBounds[] = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60};
  const auto histogram = all().registry.histogram("c_seconds", "C.", kBounds);
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    histogram.observe(std::chrono::steady_clock::now() - start);
  }
}
BENCHMARK(clock_and_histogram)->Threads(1)->Threads(2);

void request(benchmark::State& state) {
  for (auto _ : state) all().requests.ended("GET", "/v1/jobs/{id}", 200, 1ms, 10, 100);
}
BENCHMARK(request)->Threads(1)->Threads(2);

void page(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(all().registry.text());
}
BENCHMARK(page);

}  // namespace

BENCHMARK_MAIN();
