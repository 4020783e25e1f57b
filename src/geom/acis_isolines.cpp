// SPDX-License-Identifier: Apache-2.0
#include "geom/acis_isolines.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <utility>

namespace cad::acis {
namespace {

constexpr double kPi = std::numbers::pi, kTurn = 2 * kPi;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kLines = 4, kPiecesOfTurn = 64;
constexpr double kNearPole = 1e-6;
// Lines are looked up beside where they are drawn: edges often lie on them.
constexpr double kBeside = 1e-6;
constexpr double kOnLine = 1e-4;

Vec3 unit(Vec3 v) {
  const double size = length(v);
  return size > 0 && std::isfinite(size) ? v * (1 / size) : Vec3{0, 0, 1};
}

double wrapped(double angle) { return std::remainder(angle, kTurn); }

Vec3 any_normal(Vec3 axis) {
  return unit(cross(std::abs(axis.z) < 0.9 ? Vec3{0, 0, 1} : Vec3{1, 0, 0}, axis));
}

// Center, axis, vector to the surface, ratio of the ellipse's axes, sine and cosine of the angle.
std::optional<Surface> cone_of(std::span<const double> n) {
  if (n.size() < 12) return {};
  Surface s;
  s.kind = Surface::Kind::cone;
  s.center = {n[0], n[1], n[2]};
  s.z = unit({n[3], n[4], n[5]});
  s.x = {n[6], n[7], n[8]};
  s.y = cross(s.z, s.x) * n[9];
  const double radius = length(s.x);
  s.slope = std::abs(n[10]) > 1e-9 ? n[10] / n[11] / radius : 0;
  s.inward = n[11] < 0;
  s.v_min = s.slope > 0 ? -1 / s.slope : -kInfinity;
  s.v_max = s.slope < 0 ? -1 / s.slope : kInfinity;
  if (!(radius > 0) || !(length(s.y) > 0) || !std::isfinite(s.slope)) return {};
  return s;
}

// Center, radius, direction of u = 0, axis.
std::optional<Surface> sphere_of(std::span<const double> n) {
  if (n.size() < 4) return {};
  Surface s;
  s.center = {n[0], n[1], n[2]};
  s.radius = std::abs(n[3]);
  s.inward = n[3] < 0;
  s.z = n.size() < 10 ? Vec3{0, 0, 1} : unit({n[7], n[8], n[9]});
  s.x = n.size() < 10 ? Vec3{1, 0, 0} : unit({n[4], n[5], n[6]});
  s.y = cross(s.z, s.x);
  s.v_min = -kPi / 2;
  s.v_max = kPi / 2;
  if (!(s.radius > 0) || !(length(s.y) > 0.5)) return {};
  return s;
}

// Center, axis, both radii, direction of u = 0. A tube thicker than the ring meets itself on the
// axis; only its outer part is there, or with a negative ring its inner part.
std::optional<Surface> torus_of(std::span<const double> n) {
  if (n.size() < 8) return {};
  Surface s;
  s.kind = Surface::Kind::torus;
  s.center = {n[0], n[1], n[2]};
  s.z = unit({n[3], n[4], n[5]});
  s.ring = n[6];
  s.radius = std::abs(n[7]);
  s.inward = n[7] < 0;
  s.x = n.size() < 11 ? any_normal(s.z) : unit({n[8], n[9], n[10]});
  s.y = cross(s.z, s.x);
  s.v_max = std::abs(s.ring) < s.radius ? std::acos(-s.ring / s.radius) : kPi;
  s.v_min = -s.v_max;
  if (!(s.radius > 0) || !(length(s.y) > 0.5) || s.ring <= -s.radius) return {};
  return s;
}

}  // namespace

bool Surface::v_is_closed() const { return kind == Kind::torus && v_max >= kPi; }

bool Surface::is_pole(double v) const {
  if (v_is_closed()) return false;
  const double near = kind == Kind::cone ? kNearPole / std::abs(slope) : kNearPole;
  return v - v_min < near || v_max - v < near;
}

Vec3 Surface::at(double u, double v) const {
  const Vec3 out = x * std::cos(u) + y * std::sin(u);
  if (kind == Kind::cone) return center + out * (1 + slope * v) + z * v;
  return center + out * (ring + radius * std::cos(v)) + z * (radius * std::sin(v));
}

Vec2 Surface::parameters(Vec3 point) const {
  const Vec3 d = point - center;
  const double u = std::atan2(dot(d, y) / dot(y, y), dot(d, x) / dot(x, x));
  if (kind == Kind::cone) return {u, dot(d, z)};
  if (kind == Kind::sphere) return {u, std::atan2(dot(d, z), std::hypot(dot(d, x), dot(d, y)))};
  return {u, std::atan2(dot(d, z), std::hypot(dot(d, x), dot(d, y)) - ring)};
}

namespace {

// A piece of a loop, from a point by a way that says which way around it goes.
struct Step {
  Vec2 from, way;
};

// A line of constant u or v is left or entered by the face where a loop crosses it.
struct Crossing {
  double at = 0;
  bool enters = false;
};

struct Range {
  double from = 0, to = 0;
};

class Face {
 public:
  Face(const Surface& surface, bool reversed, std::span<const Loop> loops)
      : surface_(surface), flip_(reversed != surface.inward) {
    for (const Loop& loop : loops) add_loop(loop);
  }
  std::vector<std::vector<Vec3>> lines() const;

 private:
  enum class Fixed : std::uint8_t { u, v };

  void add_loop(const Loop& loop);
  void add_step(Vec2 from, Vec2 to);
  std::vector<Range> ranges(Fixed fixed, double value, bool may_ask_across) const;
  std::vector<Crossing> crossings(Fixed fixed, double value) const;
  std::vector<Range> inside(std::vector<Crossing> all, Fixed fixed) const;
  std::vector<Range> uncrossed(Fixed fixed, double value) const;
  bool has_edge_on(Fixed fixed, double value) const;
  Range whole(Fixed fixed) const {
    return fixed == Fixed::v ? Range{0, kTurn} : Range{surface_.v_min, surface_.v_max};
  }
  bool closes(Fixed fixed) const { return fixed == Fixed::v || surface_.v_is_closed(); }
  void draw(Fixed fixed, double value, std::vector<std::vector<Vec3>>& lines) const;

  const Surface& surface_;
  bool flip_;
  std::vector<Step> steps_;
};

// At a pole all u are one point: the loop goes around it on the side where the face is not.
void Face::add_step(Vec2 from, Vec2 to) {
  Vec2 way{wrapped(to.x - from.x), to.y - from.y};
  if (surface_.v_is_closed()) way.y = wrapped(way.y);
  if (!surface_.is_pole(from.y) || !surface_.is_pole(to.y)) {
    steps_.push_back({from, way});
    return;
  }
  const bool is_end = surface_.v_max - from.y < from.y - surface_.v_min;
  if (is_end != flip_ && way.x > 0) way.x -= kTurn;
  if (is_end == flip_ && way.x < 0) way.x += kTurn;
  constexpr int kParts = 4;  // none goes around by half a turn or more
  way = way * (1.0 / kParts);
  for (int i = 0; i < kParts; ++i) steps_.push_back({from + way * i, way});
}

void Face::add_loop(const Loop& loop) {
  std::vector<Vec2> on;
  on.reserve(loop.size());
  const auto same_pole = [this](Vec2 a, Vec2 b) {
    return surface_.is_pole(a.y) && surface_.is_pole(b.y) && std::abs(a.y - b.y) < kNearPole;
  };
  for (const Vec3 point : loop)
    if (const Vec2 p = surface_.parameters(point); on.empty() || !same_pole(on.back(), p))
      on.push_back(p);
  while (on.size() > 1 && same_pole(on.front(), on.back())) on.pop_back();
  if (on.size() < 2) return;
  std::vector<Vec2> points;
  points.reserve(on.size() + 4);
  for (std::size_t i = 0; i < on.size(); ++i) {
    if (surface_.is_pole(on[i].y)) {
      points.push_back({on[(i + on.size() - 1) % on.size()].x, on[i].y});
      points.push_back({on[(i + 1) % on.size()].x, on[i].y});
    } else {
      points.push_back(on[i]);
    }
  }
  for (std::size_t i = 0; i < points.size(); ++i)
    add_step(points[i], points[(i + 1) % points.size()]);
}

std::vector<Crossing> Face::crossings(Fixed fixed, double value) const {
  std::vector<Crossing> all;
  const bool is_angle = fixed == Fixed::u || surface_.v_is_closed();
  for (const auto& [from, way] : steps_) {
    const double at = fixed == Fixed::u ? from.x : from.y;
    const double step = fixed == Fixed::u ? way.x : way.y;
    const double before = is_angle ? wrapped(at - value) : at - value;
    const double after = before + step;
    if ((before < 0) == (after < 0)) continue;
    const double t = before / (before - after);
    const double other = fixed == Fixed::u ? from.y + way.y * t : from.x + way.x * t;
    // The face is on the left: along u that is where v is more, along v where u is less.
    all.push_back({other, ((fixed == Fixed::u) == (step > 0)) != flip_});
  }
  return all;
}

// Between entering and leaving. What does not come in turn cannot be believed: nothing then. A
// face is finite: one that is not has its sides mistaken.
std::vector<Range> Face::inside(std::vector<Crossing> all, Fixed fixed) const {
  const bool circle = closes(fixed);
  if (circle)
    for (Crossing& c : all) c.at = c.at - kTurn * std::floor(c.at / kTurn);
  std::ranges::sort(all, {}, &Crossing::at);
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i].enters == all[i - 1].enters) return {};
  const Range limits = whole(fixed);
  bool open_start = !all.front().enters, open_end = all.back().enters;
  if (circle && open_start != open_end) return {};
  if (!circle && ((open_start && std::isinf(limits.from)) || (open_end && std::isinf(limits.to)))) {
    open_start = !open_start;
    open_end = !open_end;
  }
  std::vector<Range> ranges;
  for (std::size_t i = open_start ? 1 : 0; i + 1 < all.size(); i += 2)
    ranges.push_back({all[i].at, all[i + 1].at});
  if (circle && open_start) ranges.push_back({all.back().at, all.front().at + kTurn});
  if (!circle && open_start) ranges.push_back({limits.from, all.front().at});
  if (!circle && open_end) ranges.push_back({all.back().at, limits.to});
  return ranges;
}

// No edge crosses the line: all of it is on the face or nothing. A line across it, through an edge,
// tells.
std::vector<Range> Face::uncrossed(Fixed fixed, double value) const {
  const Fixed across = fixed == Fixed::u ? Fixed::v : Fixed::u;
  const Step* longest = &steps_.front();
  const auto reach = [across](const Step& s) {
    return std::abs(across == Fixed::u ? s.way.x : s.way.y);
  };
  for (const Step& step : steps_)
    if (reach(step) > reach(*longest)) longest = &step;
  const Vec2 middle = longest->from + longest->way * 0.5;
  if (!(reach(*longest) > 0)) return {};
  for (const Range& r : ranges(across, across == Fixed::u ? middle.x : middle.y, false)) {
    const double ahead = value - r.from;
    const double way = closes(across) ? ahead - kTurn * std::floor(ahead / kTurn) : ahead;
    if (way >= 0 && way <= r.to - r.from) return {whole(fixed)};
  }
  return {};
}

std::vector<Range> Face::ranges(Fixed fixed, double value, bool may_ask_across) const {
  if (steps_.empty()) return {whole(fixed)};
  std::vector<Crossing> all = crossings(fixed, value + kBeside);
  if (!all.empty()) return inside(std::move(all), fixed);
  return may_ask_across ? uncrossed(fixed, value) : std::vector<Range>{};
}

bool Face::has_edge_on(Fixed fixed, double value) const {
  const bool is_angle = fixed == Fixed::u || surface_.v_is_closed();
  return std::ranges::any_of(steps_, [&](const Step& s) {
    const double at = fixed == Fixed::u ? s.from.x : s.from.y;
    const double step = fixed == Fixed::u ? s.way.x : s.way.y;
    const double before = is_angle ? wrapped(at - value) : at - value;
    const double along = fixed == Fixed::u ? s.way.y : s.way.x;
    return std::abs(before) < kOnLine && std::abs(before + step) < kOnLine && along != 0;
  });
}

void Face::draw(Fixed fixed, double value, std::vector<std::vector<Vec3>>& lines) const {
  if (has_edge_on(fixed, value)) return;
  for (const Range& r : ranges(fixed, value, true)) {
    if (!std::isfinite(r.to - r.from) || !(r.to > r.from)) continue;
    const bool straight = fixed == Fixed::u && !surface_.v_is_angle();
    const double turns = (r.to - r.from) / kTurn;
    const int pieces =
        straight ? 1 : std::clamp(static_cast<int>(std::ceil(turns * kPiecesOfTurn)), 1, 64);
    std::vector<Vec3>& line = lines.emplace_back();
    for (int i = 0; i <= pieces; ++i) {
      const double t = r.from + (r.to - r.from) * i / pieces;
      line.push_back(fixed == Fixed::u ? surface_.at(value, t) : surface_.at(t, value));
    }
  }
}

std::vector<std::vector<Vec3>> Face::lines() const {
  std::vector<std::vector<Vec3>> lines;
  for (int i = 0; i < kLines; ++i) draw(Fixed::u, i * kTurn / kLines, lines);
  if (surface_.kind == Surface::Kind::sphere) draw(Fixed::v, 0, lines);
  if (surface_.kind != Surface::Kind::torus) return lines;
  for (int i = 0; i < kLines; ++i)
    if (const double v = wrapped(i * kTurn / kLines);
        std::abs(v) <= surface_.v_max && (surface_.v_is_closed() || !surface_.is_pole(v)))
      draw(Fixed::v, v, lines);
  return lines;
}

}  // namespace

std::optional<Surface> surface_of(std::string_view name, std::span<const double> numbers) {
  if (name == "cone") return cone_of(numbers);
  if (name == "sphere") return sphere_of(numbers);
  if (name == "torus") return torus_of(numbers);
  return {};
}

std::vector<std::vector<Vec3>> isolines(const Surface& surface, bool face_is_reversed,
                                        std::span<const Loop> loops) {
  return Face(surface, face_is_reversed, loops).lines();
}

}  // namespace cad::acis
