// SPDX-License-Identifier: Apache-2.0
#include "geom/acis_spline.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cad::acis {
namespace {

constexpr std::size_t kMaxDegree = 25;
constexpr double kMaxPiecesOfSpan = 64;

// False when the next number is missing. Words before it, the closure, are skipped.
bool take_number(Cursor& cursor, std::size_t& left, double& value) {
  Token token;
  do {
    if (left == 0 || !cursor.next(token)) return false;
    --left;
  } while (token.kind == Token::Kind::word);
  value = token.number;
  return token.kind == Token::Kind::number;
}

// De Boor, in homogeneous coordinates.
Vec3 evaluate(const Spline& s, std::size_t span, double t) {
  struct Pole {
    Vec3 p;
    double w;
  };
  std::array<Pole, kMaxDegree + 1> d{};
  for (std::size_t j = 0; j <= s.degree; ++j) {
    const std::size_t i = span - s.degree + j;
    d[j] = {s.poles[i] * s.weights[i], s.weights[i]};
  }
  for (std::size_t r = 1; r <= s.degree; ++r) {
    for (std::size_t j = s.degree; j >= r; --j) {
      const double low = s.knots[span - s.degree + j], high = s.knots[span + 1 + j - r];
      const double f = high > low ? (t - low) / (high - low) : 0;
      d[j] = {d[j - 1].p * (1 - f) + d[j].p * f, d[j - 1].w * (1 - f) + d[j].w * f};
    }
  }
  const double w = d[s.degree].w;
  return w != 0 ? d[s.degree].p * (1 / w) : d[s.degree].p;
}

// By how much the poles of a span turn, all their angles together.
double turn_of(const Spline& s, std::size_t span) {
  double turn = 0;
  Vec3 before{};
  for (std::size_t i = span - s.degree; i < span; ++i) {
    const Vec3 leg = s.poles[i + 1] - s.poles[i];
    if (!(length(leg) > 0)) continue;
    if (length(before) > 0) turn += std::atan2(length(cross(before, leg)), dot(before, leg));
    before = leg;
  }
  return turn;
}

}  // namespace

bool read_spline(Cursor& cursor, bool rational, bool closure_is_number, std::size_t& tokens_left,
                 std::size_t room, Spline& s) {
  double degree = 0, closure = 0, distinct = 0;
  if (!take_number(cursor, tokens_left, degree) || degree < 1 || degree > kMaxDegree) return false;
  s.degree = static_cast<std::size_t>(degree);
  if (closure_is_number && !take_number(cursor, tokens_left, closure)) return false;
  if (!take_number(cursor, tokens_left, distinct)) return false;
  for (double knot = 0, times = 0; distinct >= 1 && s.knots.size() < room; --distinct) {
    if (!take_number(cursor, tokens_left, knot) || !take_number(cursor, tokens_left, times))
      return false;
    if (times < 1 || times > degree + 1) return false;
    s.knots.insert(s.knots.end(), static_cast<std::size_t>(times), knot);
  }
  if (s.knots.size() < 2 * s.degree || !std::ranges::is_sorted(s.knots)) return false;
  const std::size_t poles = s.knots.size() - s.degree + 1;
  for (std::size_t i = 0; i < poles; ++i) {
    Vec3 p;
    double weight = 1;
    if (!take_number(cursor, tokens_left, p.x) || !take_number(cursor, tokens_left, p.y) ||
        !take_number(cursor, tokens_left, p.z) ||
        (rational && !take_number(cursor, tokens_left, weight)))
      return false;
    s.poles.push_back(p);
    s.weights.push_back(weight);
  }
  s.knots.insert(s.knots.begin(), s.knots.front());
  s.knots.push_back(s.knots.back());
  return true;
}

std::vector<Vec3> sample(const Spline& s, double turn, std::size_t room) {
  std::vector<Vec3> points;
  for (std::size_t span = s.degree; span < s.poles.size() && points.size() < room; ++span) {
    const double low = s.knots[span], high = s.knots[span + 1];
    if (!(high > low)) continue;
    if (points.empty()) points.push_back(evaluate(s, span, low));
    const double pieces = std::clamp(std::ceil(turn_of(s, span) / turn), 1.0, kMaxPiecesOfSpan);
    for (double i = 1; i <= pieces && points.size() < room; ++i)
      points.push_back(evaluate(s, span, low + (high - low) * i / pieces));
  }
  return points;
}

}  // namespace cad::acis
