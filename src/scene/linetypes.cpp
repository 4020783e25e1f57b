// SPDX-License-Identifier: Apache-2.0
#include "scene/linetypes.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "scene/families.hpp"

namespace cad::scene::detail {
namespace {

constexpr std::uint16_t kAbsoluteRotation = 1, kText = 2, kShape = 4;

// A straight or circular piece of a run, parametrized by length.
struct Piece {
  Vec2 from, to;
  EllipticArc arc;
  bool is_arc = false;
  double length = 0;

  Vec2 at(double s) const {
    const double f = length > 0 ? s / length : 0;
    if (!is_arc) return from + (to - from) * f;
    const double t = arc.t0 + (arc.t1 - arc.t0) * f;
    return arc.center + arc.u * std::cos(t) + arc.v * std::sin(t);
  }
  Vec2 direction(double s) const {
    Vec2 d = to - from;
    if (is_arc) {
      const double t = arc.t0 + (arc.t1 - arc.t0) * (length > 0 ? s / length : 0);
      d = (arc.v * std::cos(t) - arc.u * std::sin(t)) * (arc.t1 < arc.t0 ? -1 : 1);
    }
    const double size = cad::length(d);
    return size > 0 ? d * (1 / size) : Vec2{1, 0};
  }
};

bool is_circular(const EllipticArc& arc) {
  const double u = length(arc.u), v = length(arc.v);
  return std::abs(u - v) <= 1e-9 * u && std::abs(dot(arc.u, arc.v)) <= 1e-9 * u * v;
}

struct Pattern {
  std::vector<double> lengths;  // scaled; > 0 dash, < 0 gap, 0 dot
  double total = 0;
};

class Dasher {
 public:
  Dasher(const Linetype& linetype, const Pattern& pattern, std::size_t most, Path& out,
         std::vector<LinetypeMark>& marks)
      : linetype_(linetype), pattern_(pattern), most_(most), out_(out), marks_(marks) {}

  bool overflowed() const { return count_ > most_; }
  std::size_t count() const { return count_; }
  bool any_dashed() const { return any_dashed_; }

  void run(const std::vector<Piece>& pieces) {
    pieces_ = &pieces;
    piece_ = 0;
    within_ = 0;
    pen_down_ = false;
    double total = 0;
    for (const Piece& piece : pieces) total += piece.length;
    const double wanted = total / pattern_.total * static_cast<double>(pattern_.lengths.size());
    if (!(wanted + static_cast<double>(count_) < static_cast<double>(most_))) {
      count_ = most_ + 1;
      return;
    }
    if (total < pattern_.total) {  // no room for one repetition
      advance(total, true);
      ++count_;
      return;
    }
    any_dashed_ = true;
    lay(total);
  }

 private:
  void lay(double total) {
    const auto& lengths = pattern_.lengths;
    double left = total;
    if (lengths[0] < 0) {  // begins with a gap: nothing to align
      for (std::size_t i = 0; left > total * 1e-12 && count_ <= most_; ++i)
        left -= step(std::min(std::abs(lengths[i % lengths.size()]), left), i % lengths.size());
      return;
    }
    // first dash, the rest of the pattern, dash ..., last dash; the first and the last share what
    // whole repetitions leave over.
    const double repeats = std::floor(total / pattern_.total * (1 + 1e-12));
    const double first = std::max((total - repeats * pattern_.total + lengths[0]) / 2, 0.0);
    left -= step(first, 0);
    const auto steps = static_cast<std::size_t>(repeats) * lengths.size();
    for (std::size_t i = 1; i < steps && count_ <= most_; ++i)
      left -= step(std::min(std::abs(lengths[i % lengths.size()]), left), i % lengths.size());
    step(std::max(left, 0.0), 0);
  }

  // Returns the length it was given.
  double step(double length, std::size_t element) {
    ++count_;
    advance(length, pattern_.lengths[element] >= 0);
    const LinetypeElement& e = linetype_.elements[element];
    if ((e.flags & kText) != 0 && !e.text.empty() && piece_ < pieces_->size())
      marks_.push_back({static_cast<std::uint32_t>(element), (*pieces_)[piece_].at(within_),
                        (*pieces_)[piece_].direction(within_)});
    return length;
  }

  // Moves along the run, drawing or not.
  void advance(double length, bool draw) {
    if (piece_ >= pieces_->size()) return;
    pen_down_ = false;
    if (draw && length <= 0) {
      const Vec2 p = (*pieces_)[piece_].at(within_);
      out_.move_to(p);
      out_.line_to(p);
      return;
    }
    while (length > 0 && piece_ < pieces_->size()) {
      const Piece& piece = (*pieces_)[piece_];
      const double room = piece.length - within_;
      const double part = std::min(room, length);
      if (draw) emit(piece, within_, within_ + part);
      length -= part;
      within_ += part;
      if (part >= room) {
        ++piece_;
        within_ = 0;
      }
      if (part <= 0 && room > 0) break;
    }
  }

  void emit(const Piece& piece, double s0, double s1) {
    if (!pen_down_) out_.move_to(piece.at(s0));
    pen_down_ = true;
    if (!piece.is_arc) return out_.line_to(piece.at(s1));
    EllipticArc arc = piece.arc;
    const double sweep = arc.t1 - arc.t0;
    arc.t0 = piece.arc.t0 + sweep * (s0 / piece.length);
    arc.t1 = piece.arc.t0 + sweep * (s1 / piece.length);
    out_.arc_to(arc);
  }

  const Linetype& linetype_;
  const Pattern& pattern_;
  std::size_t most_;
  Path& out_;
  std::vector<LinetypeMark>& marks_;
  const std::vector<Piece>* pieces_ = nullptr;
  std::size_t piece_ = 0;
  double within_ = 0;
  bool pen_down_ = false, any_dashed_ = false;
  std::size_t count_ = 0;
};

void add_line(std::vector<Piece>& run, Vec2 from, Vec2 to) {
  Piece piece{from, to, {}, false, length(to - from)};
  if (piece.length > 0) run.push_back(piece);
}

void add_flat(std::vector<Piece>& run, const Path& curve, double tolerance) {
  std::vector<Polyline2> lines;
  flatten(curve, tolerance, lines);
  for (const Polyline2& line : lines)
    for (std::size_t i = 0; i + 1 < line.points.size(); ++i)
      add_line(run, line.points[i], line.points[i + 1]);
}

// Calls done(run) for every run of the path.
template <class Done>
void split(const Path& path, bool whole, double tolerance, Done done) {
  std::vector<Piece> run;
  Vec2 current, start;
  std::size_t p = 0, a = 0;
  const auto finish = [&] {
    if (!run.empty()) done(run);
    run.clear();
  };
  for (const Verb verb : path.verbs) {
    if (!whole || verb == Verb::move) finish();
    switch (verb) {
      case Verb::move: start = path.points[p++]; break;
      case Verb::line: add_line(run, current, path.points[p++]); break;
      case Verb::arc: {
        const EllipticArc& arc = path.arcs[a++];
        const Vec2 end = path.points[p++];
        if (is_circular(arc)) {
          run.push_back({current, end, arc, true, length(arc.u) * std::abs(arc.t1 - arc.t0)});
        } else {
          Path curve;
          curve.move_to(current);
          curve.arc_to(arc);
          add_flat(run, curve, tolerance);
        }
        break;
      }
      case Verb::cubic: {
        Path curve;
        curve.move_to(current);
        curve.cubic_to(path.points[p], path.points[p + 1], path.points[p + 2]);
        p += 3;
        add_flat(run, curve, tolerance);
        break;
      }
      case Verb::close: add_line(run, current, start); break;
    }
    current = verb == Verb::move || verb == Verb::close ? start : path.points[p - 1];
  }
  finish();
}

}  // namespace

std::optional<std::size_t> dash(const Path& path, const Linetype& linetype, double scale,
                                bool whole, std::size_t max_dashes, Path& out,
                                std::vector<LinetypeMark>& marks, std::size_t& pieces) {
  Pattern pattern;
  for (const LinetypeElement& element : linetype.elements) {
    pattern.lengths.push_back(element.length * scale);
    pattern.total += std::abs(element.length * scale);
  }
  if (pattern.lengths.empty() || !(pattern.total > 0) || !std::isfinite(pattern.total)) return {};
  if (std::none_of(pattern.lengths.begin(), pattern.lengths.end(), [](double l) { return l < 0; }))
    return {};
  // A path is at least as long as its extents: hopeless cases are not even flattened.
  const Box2 box = extents(path);
  const double size = box.empty() ? 0 : std::hypot(box.width(), box.height());
  if (!(size / pattern.total <= static_cast<double>(max_dashes))) return {};
  Dasher dasher(linetype, pattern, max_dashes, out, marks);
  const double tolerance = std::max(pattern.total * 0.01, size * 1e-5);
  split(path, whole, tolerance, [&](const std::vector<Piece>& run) {
    pieces += run.size();
    if (!dasher.overflowed()) dasher.run(run);
  });
  if (dasher.overflowed() || !dasher.any_dashed()) return {};
  return dasher.count();
}

void draw_marks(Emitter& out, const Linetype& linetype, const std::vector<LinetypeMark>& marks) {
  constexpr double kDegree = std::numbers::pi / 180;
  for (std::uint32_t i = 0; i < linetype.elements.size(); ++i) {
    const LinetypeElement& element = linetype.elements[i];
    if ((element.flags & kText) == 0 || (element.flags & kShape) != 0 || element.text.empty())
      continue;
    const TextStyle* style = find(out.drawing().text_styles, element.style);
    Text text;
    text.value = element.text;
    text.style = element.style;
    text.height = (style != nullptr && style->fixed_height > 0 ? style->fixed_height : 1) *
                  std::abs(element.scale) * out.look.dash_scale;
    if (!(text.height > 0)) continue;
    const text::LaidOutText laid_out =
        text::layout_text(text, out.drawing(), out.context.fonts, out.context.limits);
    for (const LinetypeMark& mark : marks) {
      if (mark.element != i) continue;
      if (out.exhausted() || out.out_of_glyphs()) return;
      const Vec2 d = mark.direction, side{-d.y, d.x};
      const Vec2 at = mark.position + d * (element.x_offset * out.look.dash_scale) +
                      side * (element.y_offset * out.look.dash_scale);
      const double along = (element.flags & kAbsoluteRotation) != 0 ? 0 : std::atan2(d.y, d.x);
      const double angle = along + element.rotation_deg * kDegree;
      const double c = std::cos(angle), s = std::sin(angle);
      text::LaidOutText copy = laid_out;
      draw_laid_out(out, std::move(copy), {c, s, -s, c, at.x, at.y});
    }
  }
}

}  // namespace cad::scene::detail
