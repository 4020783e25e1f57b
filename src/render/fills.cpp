// SPDX-License-Identifier: Apache-2.0
#include "render/fills.hpp"

#include <agg_conv_stroke.h>
#include <agg_rasterizer_scanline_aa.h>
#include <agg_renderer_scanline.h>
#include <agg_scanline_p.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#include "render/clip_geometry.hpp"

namespace cad::render {

namespace {

// Polylines as an AGG vertex source.
class Vertices {
 public:
  void clear() {
    points_.clear();
    commands_.clear();
  }
  void move(Vec2 p) { add(p, agg::path_cmd_move_to); }
  void line(Vec2 p) { add(p, agg::path_cmd_line_to); }
  void close() {
    add({}, static_cast<unsigned>(agg::path_cmd_end_poly) |
                static_cast<unsigned>(agg::path_flags_close));
  }

  void rewind(unsigned) { next_ = 0; }
  unsigned vertex(double* x, double* y) {
    if (next_ == points_.size()) return agg::path_cmd_stop;
    *x = points_[next_].x;
    *y = points_[next_].y;
    return commands_[next_++];
  }

 private:
  void add(Vec2 p, unsigned command) {
    points_.push_back(p);
    commands_.push_back(command);
  }
  std::vector<Vec2> points_;
  std::vector<unsigned> commands_;
  std::size_t next_ = 0;
};

// Feeds spans of coverage to `paint(x, y, count, covers, solid_cover)`: covers is null for a span
// of one coverage.
template <class Paint>
struct SpanRenderer {
  Paint paint;
  void prepare() {}
  template <class Scanline>
  void render(const Scanline& line) {
    auto span = line.begin();
    for (unsigned left = line.num_spans(); left > 0; --left, ++span) {
      if (span->len < 0)
        paint(span->x, line.y(), -span->len, nullptr, *span->covers);
      else
        paint(span->x, line.y(), static_cast<int>(span->len), span->covers, 0);
    }
  }
};
template <class Paint>
SpanRenderer(Paint) -> SpanRenderer<Paint>;

struct SolidPaint {
  const Target& target;
  Ink ink;
  void operator()(int x, int y, int count, const agg::int8u* covers, unsigned solid) const {
    if (!covers && !target.mask) {
      const std::uint32_t weight = to_weight(solid) * ink.weight >> 8;
      Pixel* row = target.canvas.row(y) + x;
      if (weight == 256)
        std::fill(row, row + count, ink.color);
      else
        for (int i = 0; i < count; ++i) row[i] = mix(row[i], ink.color, weight);
      return;
    }
    for (int i = 0; i < count; ++i)
      target.cover(x + i, y, ink.color, to_weight(covers ? covers[i] : solid) * ink.weight >> 8);
  }
};

constexpr int kGradientSteps = 256;

// Colors along the gradient, evenly spaced.
std::array<Ink, kGradientSteps> gradient_colors(const std::vector<scene::Gradient::Stop>& stops) {
  std::array<Ink, kGradientSteps> colors;
  for (int i = 0; i < kGradientSteps; ++i) {
    const float t = static_cast<float>(i) / (kGradientSteps - 1);
    std::size_t after = 0;
    while (after < stops.size() && stops[after].position < t) ++after;
    const auto& high = stops[std::min(after, stops.size() - 1)];
    const auto& low = stops[after == 0 ? 0 : after - 1];
    const float span = high.position - low.position;
    const float part = span > 0 ? std::clamp((t - low.position) / span, 0.0f, 1.0f) : 1.0f;
    const auto between = [&](std::uint8_t a, std::uint8_t b) {
      return static_cast<std::uint8_t>(
          std::lround(static_cast<float>(a) + part * static_cast<float>(b - a)));
    };
    colors[i] = to_ink({between(low.color.r, high.color.r), between(low.color.g, high.color.g),
                        between(low.color.b, high.color.b), between(low.color.a, high.color.a)});
  }
  return colors;
}

struct GradientPaint {
  const Target& target;
  const std::array<Ink, kGradientSteps>& colors;
  bool radial;
  Vec2 from, along;   // pixels; `along` is to - from
  double per_square;  // 1 / |along|², 0 for a point: all of it has the last color

  double at(int x, int y) const {
    const Vec2 p = Vec2{x + 0.5, y + 0.5} - from;
    if (!(per_square > 0)) return 1;
    return radial ? std::sqrt(dot(p, p) * per_square) : dot(p, along) * per_square;
  }
  void operator()(int x, int y, int count, const agg::int8u* covers, unsigned solid) const {
    const bool whole = !covers && !target.mask && solid == 255;
    Pixel* const row = target.canvas.row(y);
    for (int i = x; i < x + count; ++i) {
      const auto step =
          static_cast<int>(std::clamp(at(i, y), 0.0, 1.0) * (kGradientSteps - 1) + 0.5);
      const Ink& ink = colors[step];
      if (whole && ink.weight == 256) {
        row[i] = ink.color;
        continue;
      }
      const std::uint32_t weight = to_weight(covers ? covers[i - x] : solid) * ink.weight >> 8;
      target.cover(i, y, ink.color, weight);
    }
  }
};

constexpr double kMinStep = 0.05;  // pixels; closer points add nothing to an outline

}  // namespace

struct FillRaster::Agg {
  explicit Agg(Work& w) : work(w) {}

  Work& work;
  agg::rasterizer_scanline_aa<agg::rasterizer_sl_clip_dbl> raster{4096};
  agg::scanline_p8 scanline;
  Vertices vertices;

  void start(const IntRect& box, scene::FillRule rule) {
    raster.reset();
    raster.clip_box(box.x0, box.y0, box.x1, box.y1);
    raster.filling_rule(rule == scene::FillRule::even_odd ? agg::fill_even_odd
                                                          : agg::fill_non_zero);
  }
  void add(const PixelPath& path) {
    for (const PixelPath::Part& part : path.parts) {
      const auto points = path.of(part);
      Vec2 last = points[0];
      raster.move_to_d(last.x, last.y);
      for (const Vec2 p : points.subspan(1)) {
        if (std::abs(p.x - last.x) < kMinStep && std::abs(p.y - last.y) < kMinStep) continue;
        raster.line_to_d(p.x, p.y);
        last = p;
      }
    }
  }
  // `solid`: what a pixel of a run costs.
  template <class Paint>
  void sweep(const Paint& paint, std::uint64_t solid = cost::kSolidPixel) {
    const auto counting = [&](int x, int y, int count, const agg::int8u* covers, unsigned cover) {
      work.take(static_cast<std::uint64_t>(count) * (covers ? cost::kMixedPixel : solid));
      paint(x, y, count, covers, cover);
    };
    SpanRenderer renderer{counting};
    agg::render_scanlines(raster, scanline, renderer);
  }

  void sweep_solid(const Target& target, Ink ink) {
    const bool plain = !target.mask && ink.weight == 256;
    sweep(SolidPaint{target, ink}, plain ? cost::kSolidPixel : cost::kMixedPixel);
  }

  void outline(const PixelPath& path, const PixelPath::Part& part, const Box2& near);
  void add_stroke(const PixelPath& path, const StrokeShape& shape, const IntRect& box);
};

// The part's points, cut where they leave `near`, as vertices: AGG never sees absurd coordinates.
void FillRaster::Agg::outline(const PixelPath& path, const PixelPath::Part& part,
                              const Box2& near) {
  const auto points = path.of(part);
  const auto inside = [&](Vec2 p) {
    return p.x >= near.min_x && p.x <= near.max_x && p.y >= near.min_y && p.y <= near.max_y;
  };
  if (std::all_of(points.begin(), points.end(), inside)) {
    vertices.move(points[0]);
    Vec2 last = points[0];
    for (const Vec2 p : points.subspan(1)) {
      if (p == last) continue;
      vertices.line(p);
      last = p;
    }
    // A dot: AGG gives a single point no outline.
    if (last == points[0] && points.size() <= 2) vertices.line(points[0] + Vec2{0.01, 0});
    if (part.closed) vertices.close();
    return;
  }
  const std::size_t count = points.size() - (part.closed ? 0 : 1);
  Vec2 last{NAN, NAN};
  for (std::size_t i = 0; i < count; ++i) {
    Vec2 a = points[i], b = points[(i + 1) % points.size()];
    if (!clip_segment(near, a, b)) continue;
    if (!(a == last)) vertices.move(a);
    vertices.line(b);
    last = b;
  }
}

void FillRaster::Agg::add_stroke(const PixelPath& path, const StrokeShape& shape,
                                 const IntRect& box) {
  const double reach = shape.width * 2.5 + 2;  // half the width times the miter limit, and slack
  const Box2 near{box.x0 - reach, box.y0 - reach, box.x1 + reach, box.y1 + reach};
  vertices.clear();
  for (const PixelPath::Part& part : path.parts) outline(path, part, near);
  agg::conv_stroke<Vertices> stroke(vertices);
  stroke.width(shape.width);
  stroke.line_join(shape.round ? agg::round_join : agg::miter_join);
  stroke.line_cap(shape.round ? agg::round_cap : agg::butt_cap);
  stroke.miter_limit(4);
  start(box, scene::FillRule::non_zero);
  raster.add_path(stroke);
}

FillRaster::FillRaster(Work& work) : agg_(std::make_unique<Agg>(work)) {}
FillRaster::~FillRaster() = default;

void FillRaster::fill(const PixelPath& path, scene::FillRule rule, Ink ink, const Target& target) {
  if (target.box.empty() || path.parts.empty()) return;
  if (!agg_->work.take(edges_cost(path, target.box, cost::kFillEdge))) return;
  agg_->start(target.box, rule);
  agg_->add(path);
  agg_->sweep_solid(target, ink);
}

void FillRaster::fill(const PixelPath& path, scene::FillRule rule, const scene::Gradient& gradient,
                      const ViewMap& map, const Target& target) {
  if (target.box.empty() || path.parts.empty() || gradient.stops.empty()) return;
  if (!agg_->work.take(edges_cost(path, target.box, cost::kFillEdge))) return;
  const auto colors = gradient_colors(gradient.stops);
  agg_->start(target.box, rule);
  agg_->add(path);
  const Vec2 along = map.direction(gradient.to - gradient.from);
  const double squared = dot(along, along);
  agg_->sweep(GradientPaint{target, colors, gradient.radial, map(gradient.from), along,
                            squared > 0 ? 1 / squared : 0},
              cost::kMixedPixel);
}

void FillRaster::stroke(const PixelPath& path, const StrokeShape& shape, Ink ink,
                        const Target& target) {
  if (target.box.empty() || path.parts.empty()) return;
  if (!agg_->work.take(edges_cost(path, target.box, cost::kWideEdge))) return;
  agg_->add_stroke(path, shape, target.box);
  agg_->sweep_solid(target, ink);
}

Mask FillRaster::mask(const PixelPath& path, scene::FillRule rule, const IntRect& box) {
  Mask out{box, {}};
  if (box.empty()) return out;
  out.cover.resize(static_cast<std::size_t>(box.width()) * box.height());
  if (!agg_->work.take(edges_cost(path, box, cost::kFillEdge) + out.cover.size())) return out;
  agg_->start(box, rule);
  agg_->add(path);
  agg_->sweep([&](int x, int y, int count, const agg::int8u* covers, unsigned solid) {
    std::uint8_t* row = out.row(y) + (x - box.x0);
    if (covers)
      std::memcpy(row, covers, count);
    else
      std::memset(row, static_cast<int>(solid), count);
  });
  return out;
}

void FillRaster::widen(const PixelPath& path, double width, Mask& mask) {
  if (mask.box.empty() || !agg_->work.take(edges_cost(path, mask.box, cost::kWideEdge))) return;
  agg_->add_stroke(path, {width, true}, mask.box);
  agg_->sweep([&](int x, int y, int count, const agg::int8u* covers, unsigned solid) {
    std::uint8_t* row = mask.row(y) + (x - mask.box.x0);
    for (int i = 0; i < count; ++i) {
      const unsigned sum = row[i] + (covers ? covers[i] : solid);
      row[i] = static_cast<std::uint8_t>(std::min(sum, 255u));
    }
  });
}

}  // namespace cad::render
