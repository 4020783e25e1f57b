// SPDX-License-Identifier: Apache-2.0
#include "geom/nurbs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace cad {
namespace {

constexpr std::size_t kMaxDegree = 25;

struct Homogeneous {
  Vec3 p;
  double w = 1;
};

Homogeneous mix(const Homogeneous& a, const Homogeneous& b, double t) {
  return {a.p * (1 - t) + b.p * t, a.w * (1 - t) + b.w * t};
}

Vec3 point_of(const Homogeneous& h) { return std::abs(h.w) > 1e-300 ? h.p * (1 / h.w) : h.p; }

struct Curve {
  std::size_t degree = 3;
  std::vector<double> knots;
  std::vector<Homogeneous> control;
  bool rational = false;
};

bool usable(const std::vector<double>& knots, std::size_t count, std::size_t degree) {
  return knots.size() == count + degree + 1 && std::is_sorted(knots.begin(), knots.end()) &&
         knots[degree] < knots[count];
}

std::vector<double> uniform_knots(std::size_t count, std::size_t degree) {
  std::vector<double> knots(count + degree + 1);
  for (std::size_t i = 0; i < knots.size(); ++i)
    knots[i] = static_cast<double>(std::clamp(i, degree, count) - degree);
  return knots;
}

Curve curve_of(const Spline& spline) {
  Curve out;
  const std::size_t n = spline.control_points.size();
  out.degree = std::clamp<std::size_t>(spline.degree, 1, std::min(n - 1, kMaxDegree));
  const bool weighted =
      spline.weights.size() == n && std::all_of(spline.weights.begin(), spline.weights.end(),
                                                [](double w) { return w > 0 && std::isfinite(w); });
  out.rational = weighted && std::any_of(spline.weights.begin(), spline.weights.end(),
                                         [&](double w) { return w != spline.weights.front(); });
  out.control.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double w = out.rational ? spline.weights[i] : 1;
    out.control.push_back({spline.control_points[i] * w, w});
  }
  out.knots = usable(spline.knots, n, out.degree) ? spline.knots : uniform_knots(n, out.degree);
  return out;
}

// The polar form of the piece over knots[k]..knots[k+1] (de Boor with an argument per level).
Homogeneous blossom(const Curve& curve, std::size_t k, std::span<const double> arguments) {
  const std::size_t p = curve.degree;
  std::array<Homogeneous, kMaxDegree + 1> d;
  for (std::size_t j = 0; j <= p; ++j) d[j] = curve.control[k - p + j];
  for (std::size_t level = 1; level <= p; ++level)
    for (std::size_t j = p; j >= level; --j) {
      const std::size_t i = k - p + j;
      const double lo = curve.knots[i], hi = curve.knots[i + p - level + 1];
      d[j] = mix(d[j - 1], d[j], (arguments[level - 1] - lo) / (hi - lo));
    }
  return d[p];
}

void add_line(std::vector<Vec3>& out, Vec3 to) {
  const Vec3 from = out.back();
  out.push_back(from + (to - from) * (1.0 / 3));
  out.push_back(from + (to - from) * (2.0 / 3));
  out.push_back(to);
}

void add_exact_piece(const Curve& curve, std::size_t k, std::vector<Vec3>& out) {
  const double a = curve.knots[k], b = curve.knots[k + 1];
  const auto at = [&](std::initializer_list<double> args) {
    return blossom(curve, k, std::span<const double>(args.begin(), args.size())).p;
  };
  if (curve.degree == 1) {
    if (out.empty()) out.push_back(at({a}));
    add_line(out, at({b}));
  } else if (curve.degree == 2) {
    const Vec3 first = at({a, a}), middle = at({a, b}), last = at({b, b});
    if (out.empty()) out.push_back(first);
    out.push_back(first + (middle - first) * (2.0 / 3));
    out.push_back(last + (middle - last) * (2.0 / 3));
    out.push_back(last);
  } else {
    if (out.empty()) out.push_back(at({a, a, a}));
    out.push_back(at({a, a, b}));
    out.push_back(at({a, b, b}));
    out.push_back(at({b, b, b}));
  }
}

struct Sample {
  Vec3 point, derivative;
};

Sample sample(const Curve& curve, std::size_t k, double u) {
  const double a = curve.knots[k], b = curve.knots[k + 1];
  std::array<double, kMaxDegree> arguments;
  const std::span<double> used(arguments.data(), curve.degree);
  std::fill(used.begin(), used.end(), u);
  const Homogeneous c = blossom(curve, k, used);
  used[0] = a;
  const Homogeneous low = blossom(curve, k, used);
  used[0] = b;
  const Homogeneous high = blossom(curve, k, used);
  const double scale = static_cast<double>(curve.degree) / (b - a);
  const Vec3 dp = (high.p - low.p) * scale;
  const double dw = (high.w - low.w) * scale;
  const Vec3 point = point_of(c);
  return {point, (dp - point * dw) * (std::abs(c.w) > 1e-300 ? 1 / c.w : 1)};
}

void add_sampled_pieces(const Curve& curve, std::size_t k, std::size_t pieces,
                        std::vector<Vec3>& out) {
  const double a = curve.knots[k], step = (curve.knots[k + 1] - a) / static_cast<double>(pieces);
  Sample from = sample(curve, k, a);
  if (out.empty()) out.push_back(from.point);
  for (std::size_t i = 1; i <= pieces; ++i) {
    const Sample to = sample(curve, k, a + step * static_cast<double>(i));
    out.push_back(from.point + from.derivative * (step / 3));
    out.push_back(to.point - to.derivative * (step / 3));
    out.push_back(to.point);
    from = to;
  }
}

// C2 cubic through the fit points: solves for the derivatives at the points.
std::vector<Vec3> interpolate(const Spline& spline) {
  std::vector<Vec3> q;
  for (const Vec3& p : spline.fit_points)
    if (q.empty() || length(p - q.back()) > 0) q.push_back(p);
  if (spline.closed() && q.size() > 2 && length(q.front() - q.back()) > 0) q.push_back(q.front());
  const std::size_t n = q.size();
  if (n == 0) return {};
  std::vector<Vec3> out{q[0]};
  if (n == 1) return {};
  if (n == 2 && !spline.has_start_tangent && !spline.has_end_tangent) {
    add_line(out, q[1]);
    return out;
  }
  std::vector<double> h(n - 1), diagonal(n), upper(n, 0.0);
  for (std::size_t i = 0; i + 1 < n; ++i) h[i] = length(q[i + 1] - q[i]);
  std::vector<Vec3> m(n);
  const auto unit = [](Vec3 v) {
    const double size = length(v);
    return size > 1e-300 ? v * (1 / size) : v;
  };
  // Row by row, eliminating the lower diagonal on the way (Thomas).
  const bool fixed_start = spline.has_start_tangent && length(spline.start_tangent) > 1e-12;
  const bool fixed_end = spline.has_end_tangent && length(spline.end_tangent) > 1e-12;
  if (fixed_start) {
    diagonal[0] = 1;
    m[0] = unit(spline.start_tangent);
  } else {
    diagonal[0] = 2;
    upper[0] = 1;
    m[0] = (q[1] - q[0]) * (3 / h[0]);
  }
  for (std::size_t i = 1; i < n; ++i) {
    double lower, middle;
    Vec3 right;
    if (i + 1 < n) {
      lower = h[i];
      middle = 2 * (h[i - 1] + h[i]);
      upper[i] = h[i - 1];
      right = (q[i] - q[i - 1]) * (3 * h[i] / h[i - 1]) + (q[i + 1] - q[i]) * (3 * h[i - 1] / h[i]);
    } else if (fixed_end) {
      lower = 0;
      middle = 1;
      right = unit(spline.end_tangent);
    } else {
      lower = 1;
      middle = 2;
      right = (q[i] - q[i - 1]) * (3 / h[i - 1]);
    }
    const double factor = lower / diagonal[i - 1];
    diagonal[i] = middle - factor * upper[i - 1];
    m[i] = right - m[i - 1] * factor;
  }
  m[n - 1] = m[n - 1] * (1 / diagonal[n - 1]);
  for (std::size_t i = n - 1; i-- > 0;) m[i] = (m[i] - m[i + 1] * upper[i]) * (1 / diagonal[i]);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    out.push_back(q[i] + m[i] * (h[i] / 3));
    out.push_back(q[i + 1] - m[i + 1] * (h[i] / 3));
    out.push_back(q[i + 1]);
  }
  return out;
}

bool all_finite(const std::vector<Vec3>& points) {
  return std::all_of(points.begin(), points.end(), [](Vec3 p) {
    return std::isfinite(p.x) && std::isfinite(p.y) && std::isfinite(p.z);
  });
}

}  // namespace

std::vector<Vec3> to_beziers(const Spline& spline) {
  if (spline.control_points.size() < 2) {
    std::vector<Vec3> out = interpolate(spline);
    return all_finite(out) ? out : std::vector<Vec3>{};
  }
  const Curve curve = curve_of(spline);
  const std::size_t spans = curve.control.size() - curve.degree;
  const std::size_t pieces = std::clamp<std::size_t>(1024 / spans, 4, 32);
  std::vector<Vec3> out;
  for (std::size_t k = curve.degree; k < curve.control.size(); ++k) {
    if (!(curve.knots[k] < curve.knots[k + 1])) continue;
    if (curve.rational || curve.degree > 3)
      add_sampled_pieces(curve, k, pieces, out);
    else
      add_exact_piece(curve, k, out);
  }
  return all_finite(out) ? out : std::vector<Vec3>{};
}

std::vector<Vec3> to_beziers(const HatchSplineEdge& edge) {
  Spline spline;
  const auto space = [](Vec2 p) { return Vec3{p.x, p.y, 0}; };
  spline.degree = edge.degree;
  spline.knots = edge.knots;
  spline.weights = edge.weights;
  for (const Vec2& p : edge.control_points) spline.control_points.push_back(space(p));
  for (const Vec2& p : edge.fit_points) spline.fit_points.push_back(space(p));
  spline.has_start_tangent = edge.has_start_tangent;
  spline.has_end_tangent = edge.has_end_tangent;
  spline.start_tangent = space(edge.start_tangent);
  spline.end_tangent = space(edge.end_tangent);
  return to_beziers(spline);
}

}  // namespace cad
