// SPDX-License-Identifier: Apache-2.0
#include "render/lines.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "render/clip_geometry.hpp"

namespace cad::render {

namespace {

constexpr double kMinStep = 0.3;  // pixels between kept points
// Lines often lie exactly between two pixels (a view's edges do): pushed off the tie, they fall on
// the same side whatever their last bits are.
constexpr Vec2 kOffTie{1.0 / 1024, 1.0 / 1024};
constexpr double kAxisSlack = 0.02;  // pixels off the axis that still count as parallel

// A thin line between two pixel rows would look fainter than one on a row: partial coverage is
// raised a little. Sixteen levels look no different from 256, and the PNG gets a quarter smaller.
const std::array<std::uint16_t, 257> kThinWeight = [] {
  std::array<std::uint16_t, 257> table{};
  for (int i = 0; i <= 256; ++i)
    table[i] = static_cast<std::uint16_t>(16 * std::lround(16 * std::pow(i / 256.0, 0.8)));
  return table;
}();

// Which way a segment steps and how it joins its neighbors.
struct Segment {
  Vec2 a, b;
  bool x_major = true;
  bool forward = true;   // along the major axis
  bool snapped = false;  // parallel to an axis: whole pixels
};

Segment make_segment(Vec2 a, Vec2 b, bool straight) {
  const double dx = std::abs(b.x - a.x), dy = std::abs(b.y - a.y);
  Segment s{a, b, dx >= dy, true, false};
  s.forward = s.x_major ? b.x >= a.x : b.y >= a.y;
  s.snapped = straight && std::min(dx, dy) <= kAxisSlack && std::max(dx, dy) >= 1;
  return s;
}

bool turns(const Segment& a, const Segment& b) {
  return a.x_major != b.x_major || a.forward != b.forward;
}

// The segment in major/minor coordinates, lower end first.
struct Steps {
  double lo, hi, at_lo, slope;  // minor = at_lo + (major - lo) * slope
  bool cover_lo, cover_hi;      // the end's own pixel is drawn, too
};

// First and last column: those whose centers the segment passes, so that consecutive pieces share
// none, or up to the ends' own pixels (and half the width beyond) where it must not fall short.
void columns(const Steps& s, double width, bool alone, int& first, int& last) {
  const double beyond = (width - 1) / 2;
  first = static_cast<int>(s.cover_lo ? std::floor(s.lo - beyond) : std::ceil(s.lo - 0.5));
  last = static_cast<int>(s.cover_hi ? std::floor(s.hi + beyond) : std::ceil(s.hi - 0.5) - 1);
  if (last < first && alone) first = last = static_cast<int>(std::floor((s.lo + s.hi) / 2));
}

// Writes pixels by (major, minor) coordinates: checked against the clip, or (where the whole
// segment is known to lie inside it and there is no mask) straight.
template <bool kXMajor, bool kChecked>
struct Writer {
  const Target& target;
  Pixel color;
  void operator()(int major, int minor, std::uint32_t weight) const {
    const int x = kXMajor ? major : minor, y = kXMajor ? minor : major;
    if constexpr (kChecked) {
      const IntRect& box = target.box;
      if (kXMajor ? minor < box.y0 || minor >= box.y1 : minor < box.x0 || minor >= box.x1) return;
      target.cover(x, y, color, weight);
    } else {
      Pixel& pixel = target.canvas.row(y)[x];
      pixel = mix(pixel, color, weight);
    }
  }
};

template <class Write>
void draw_snapped(double minor, double width, int first, int last, std::uint32_t weight,
                  Write write) {
  const int lines = std::max(1, static_cast<int>(std::lround(width)));
  const int top = static_cast<int>(lines % 2 ? std::floor(minor) : std::round(minor)) - lines / 2;
  for (int line = top; line < top + lines; ++line)
    for (int i = first; i <= last; ++i) write(i, line, weight);
}

template <class Write>
void draw_sloped(const Steps& s, double width, int first, int last, std::uint32_t ink_weight,
                 Write write) {
  // 32.32 fixed point; the minor coordinate stays within a few pixels of the image.
  constexpr double kOne = 4294967296.0;
  const double height = width * std::sqrt(1 + s.slope * s.slope);
  const auto height8 = static_cast<std::int32_t>(std::lround(height * 256));
  auto edge =
      static_cast<std::int64_t>((s.at_lo + (first + 0.5 - s.lo) * s.slope - height / 2) * kOne);
  const auto step = static_cast<std::int64_t>(s.slope * kOne);
  for (int i = first; i <= last; ++i, edge += step) {
    const auto low8 = static_cast<std::int32_t>(edge >> 24);
    int minor = low8 >> 8;
    std::int32_t rest = height8;
    std::int32_t part = std::min(256 - (low8 & 255), rest);
    while (part > 0) {
      write(i, minor, kThinWeight[part] * ink_weight >> 8);
      rest -= part;
      part = std::min(256, rest);
      ++minor;
    }
  }
}

template <bool kXMajor>
void draw_segment(const Segment& segment, bool cover_a, bool cover_b, bool alone, double width,
                  Ink ink, const Target& target) {
  const auto major = [](Vec2 p) { return kXMajor ? p.x : p.y; };
  const auto minor = [](Vec2 p) { return kXMajor ? p.y : p.x; };
  const bool forward = segment.forward;
  const Vec2 lo = forward ? segment.a : segment.b, hi = forward ? segment.b : segment.a;
  const double run = major(hi) - major(lo);
  const Steps steps{major(lo),
                    major(hi),
                    minor(lo),
                    run > 0 ? std::clamp((minor(hi) - minor(lo)) / run, -1.0, 1.0) : 0,
                    forward ? cover_a : cover_b,
                    forward ? cover_b : cover_a};
  int first = 0, last = 0;
  columns(steps, width, alone, first, last);
  const IntRect& box = target.box;
  first = std::max(first, kXMajor ? box.x0 : box.y0);
  last = std::min(last, (kXMajor ? box.x1 : box.y1) - 1);
  if (first > last) return;
  const auto draw = [&](auto write) {
    if (segment.snapped)
      draw_snapped(minor(lo), width, first, last, ink.weight, write);
    else
      draw_sloped(steps, width, first, last, ink.weight, write);
  };
  // The drawn columns pass the ends by at most half the width and a pixel.
  const double reach = 2 * width + 2;
  const auto [low, high] = std::minmax({minor(lo), minor(hi)});
  const bool inside =
      low - reach >= (kXMajor ? box.y0 : box.x0) && high + reach <= (kXMajor ? box.y1 : box.x1);
  if (inside && !target.mask)
    draw(Writer<kXMajor, false>{target, ink.color});
  else
    draw(Writer<kXMajor, true>{target, ink.color});
}

Box2 widened(const IntRect& box, double by) {
  return {box.x0 - by, box.y0 - by, box.x1 + by, box.y1 + by};
}

}  // namespace

void draw_dot(Vec2 p, double weight, Ink ink, const Target& target) {
  const IntRect& box = target.box;
  if (!(p.x >= box.x0 && p.x < box.x1 && p.y >= box.y0 && p.y < box.y1)) return;
  const auto dot = static_cast<std::uint32_t>(ink.weight * std::clamp(weight, 0.0, 1.0));
  target.cover(static_cast<int>(p.x), static_cast<int>(p.y), ink.color, dot);
}

void LineRaster::draw(const PixelPath& path, const LineStyle& style, Ink ink,
                      const Target& target) {
  if (target.box.empty() || !work_.take(edges_cost(path, target.box, cost::kThinEdge))) return;
  for (const PixelPath::Part& part : path.parts) draw_part(path, part, style, ink, target);
}

void LineRaster::draw_part(const PixelPath& path, const PixelPath::Part& part,
                           const LineStyle& style, Ink ink, const Target& target) {
  auto points = path.of(part);
  const auto straight = path.straight_of(part);
  // A circle comes back to its start: its ends are a corner like any other.
  const bool returns = points.size() > 2 && std::abs(points.front().x - points.back().x) < 1e-3 &&
                       std::abs(points.front().y - points.back().y) < 1e-3;
  if (returns) points = points.first(points.size() - 1);
  const bool closed = part.closed || returns;
  kept_.clear();
  kept_straight_.clear();
  kept_.push_back(points[0] + kOffTie);
  kept_straight_.push_back(1);
  Box2 box;
  box.add(kept_[0]);
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Vec2 p = points[i] + kOffTie, d = p - kept_.back();
    box.add(p);
    const bool is_last = i + 1 == points.size() && !closed;
    if (std::abs(d.x) < kMinStep && std::abs(d.y) < kMinStep && !is_last) continue;
    kept_.push_back(p);
    kept_straight_.push_back(straight[i]);
  }
  const double extent = std::max(box.width(), box.height());
  if (extent < 1) {
    const Vec2 center{(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2};
    return draw_dot(center, std::max(extent, 0.5), ink, target);
  }
  if (closed) {
    kept_.push_back(kept_.front());
    kept_straight_.push_back(returns ? straight[straight.size() - 1] : 1);
  }

  const std::size_t count = kept_.size() - 1;
  const auto segment_at = [&](std::size_t i) {
    return make_segment(kept_[i], kept_[i + 1], kept_straight_[i + 1] != 0);
  };
  const Box2 clip = widened(target.box, style.width + 2);
  Segment current = segment_at(0);
  bool cover_a = closed ? turns(segment_at(count - 1), current) : !style.butt;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_last = i + 1 == count;
    const Segment next = segment_at(is_last ? 0 : i + 1);
    const bool cover_b = is_last && !closed ? !style.butt : turns(current, next);
    Segment shown = current;
    if (clip_segment(clip, shown.a, shown.b)) {
      if (shown.x_major)
        draw_segment<true>(shown, cover_a, cover_b, count == 1, style.width, ink, target);
      else
        draw_segment<false>(shown, cover_a, cover_b, count == 1, style.width, ink, target);
    }
    current = next;
    cover_a = cover_b;
  }
}

}  // namespace cad::render
