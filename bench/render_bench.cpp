// SPDX-License-Identifier: Apache-2.0
// What the PNG and the scene artefact cost by primitive, without reading or scene: hairlines, short
// polylines, circles, labels and hatch-like fills over a 2048 px image, and encoding.
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "render/png.hpp"
#include "render/test_support.hpp"

namespace {

using namespace cad;

constexpr double kSide = 100'000;

std::unique_ptr<render::PngSink> new_sink() {
  return std::move(*render::PngSink::create({0, 0, kSide, kSide}, {}, {}));
}

struct Drawing {
  std::vector<std::pair<Path, scene::Pen>> strokes;
  std::vector<scene::GlyphRun> labels;
};

const render::FakeFace& face() {
  static const render::FakeFace fake;
  return fake;
}

scene::Pen pen_of(std::size_t i) {
  const auto channel = [&](std::size_t step) { return static_cast<std::uint8_t>(i * step % 200); };
  return {{channel(37), channel(71), channel(113), 255}, 0, 0};
}

// The mix of a large plan: 60 % lines, 15 % polylines, 15 % circles, 10 % labels.
Drawing make_drawing(std::size_t count, double size) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> place(0, kSide), part(-size, size);
  Drawing out;
  for (std::size_t i = 0; i < count; ++i) {
    const Vec2 at{place(random), place(random)};
    const std::size_t kind = i % 20;
    if (kind >= 18) {
      scene::GlyphRun run;
      run.face = &face();
      run.to_sheet = {size / 20, 0, 0, size / 20, at.x, at.y};
      for (std::uint32_t g = 0; g < 12; ++g) run.glyphs.push_back({g == 5 ? 0 : 2u, {g * 0.7, 0}});
      out.labels.push_back(std::move(run));
      continue;
    }
    Path path;
    if (kind < 12) {
      path = render::line(at, at + Vec2{part(random), part(random)});
    } else if (kind < 15) {
      path.move_to(at);
      for (int k = 0; k < 7; ++k) path.line_to(at + Vec2{part(random), part(random)});
    } else {
      path = render::circle(at, 1 + std::abs(part(random)) / 2);
    }
    out.strokes.emplace_back(std::move(path), pen_of(i % 50));
  }
  return out;
}

void draw(const Drawing& drawing, scene::Sink& sink) {
  for (const auto& [path, pen] : drawing.strokes) sink.stroke(path, pen);
  for (const scene::GlyphRun& run : drawing.labels) sink.glyphs(run);
}

void BM_Png(benchmark::State& state) {
  const Drawing drawing =
      make_drawing(static_cast<std::size_t>(state.range(0)), static_cast<double>(state.range(1)));
  for (auto _ : state) {
    const auto sink = new_sink();
    draw(drawing, *sink);
    benchmark::DoNotOptimize(sink->encode()->size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Png)
    ->Args({100'000, 100})
    ->Args({100'000, 1000})
    ->Args({1'000'000, 100})
    ->Unit(benchmark::kMillisecond);

void BM_Encode(benchmark::State& state) {
  const Drawing drawing = make_drawing(static_cast<std::size_t>(state.range(0)), 1000);
  const auto sink = new_sink();
  draw(drawing, *sink);
  std::size_t bytes = 0;
  for (auto _ : state) bytes = sink->encode()->size();
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(BM_Encode)->Arg(1000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void BM_Hairlines(benchmark::State& state) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> place(0, kSide), part(-2000, 2000);
  std::vector<Path> lines;
  for (int i = 0; i < 100'000; ++i) {
    const Vec2 at{place(random), place(random)};
    lines.push_back(render::line(at, at + Vec2{part(random), part(random)}));
  }
  const auto sink = new_sink();
  for (auto _ : state)
    for (const Path& path : lines) sink->stroke(path, {{0, 0, 0, 255}, 0, 0});
  state.SetItemsProcessed(state.iterations() * 100'000);
}
BENCHMARK(BM_Hairlines)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
