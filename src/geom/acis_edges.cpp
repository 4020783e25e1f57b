// SPDX-License-Identifier: Apache-2.0
#include "geom/acis_edges.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>
#include <utility>

#include "geom/acis_records.hpp"

namespace cad::acis {
namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;
constexpr double kMaxCoordinate = 1e15;
constexpr int kSegmentsPerTurn = 64;
constexpr std::size_t kMaxRecords = 4'000'000;
// Tokens looked at for each byte of data: hostile data may refer to one long record from many.
constexpr std::size_t kTokensPerByte = 4;

Vec3 unit(Vec3 v) {
  const double size = length(v);
  return size > 0 && std::isfinite(size) ? v * (1 / size) : Vec3{0, 0, 1};
}

bool usable(Vec3 p) {
  const auto fine = [](double v) { return std::abs(v) <= kMaxCoordinate; };  // false for NaN
  return fine(p.x) && fine(p.y) && fine(p.z);
}

// Rows of a rotation, then a translation, then a scale: p * rotation * scale + translation.
struct Transform {
  Vec3 x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1}, move;
  double scale = 1;
  Vec3 operator()(Vec3 p) const { return (x * p.x + y * p.y + z * p.z) * scale + move; }
};

// The values of a record by kind. Numbers before the last reference are not the record's own:
// history numbers of newer versions stand there.
struct Values {
  std::vector<std::int64_t> references;
  std::vector<double> numbers;  // behind the last reference
  bool reversed = false;
};

struct Wireframe {
  const Records records;
  const std::size_t max_segments;
  std::vector<Segment> segments{};
  Transform transform{};
  std::size_t tokens_left = 0;

  void build() {
    for (const Record& record : records.all)
      if (record.leaf == "body") read_transform(record);
    for (const Record& record : records.all) {
      if (segments.size() >= max_segments || tokens_left == 0) return;
      if (record.leaf == "edge") add_edge(record);
      if (record.leaf == "face") add_isolines(record);
    }
  }

 private:
  Values values(const Record& record) {
    Values out;
    Cursor cursor(records, record);
    Token token;
    bool first_word = records.has_words();
    while (tokens_left > 0 && cursor.next(token)) {
      --tokens_left;
      if (token.kind == Token::Kind::reference) {
        out.references.push_back(token.reference);
        out.numbers.clear();
      } else if (token.kind == Token::Kind::number) {
        out.numbers.push_back(token.number);
      } else if (token.kind == Token::Kind::word && first_word) {
        first_word = false;
        out.reversed = token.word == "reversed";
      }
    }
    return out;
  }

  const Record* at(std::int64_t reference, std::string_view base) const {
    if (reference < 0 || static_cast<std::uint64_t>(reference) >= records.all.size())
      return nullptr;
    const Record& record = records.all[static_cast<std::size_t>(reference)];
    return record.base == base ? &record : nullptr;
  }

  void read_transform(const Record& body) {
    for (const std::int64_t reference : values(body).references) {
      const Record* record = at(reference, "transform");
      if (record == nullptr) continue;
      // Newer versions have a history number before the thirteen, the oldest three flags behind.
      const std::vector<double> numbers = values(*record).numbers;
      const std::size_t used = records.has_words() ? 13 : 16;
      if (numbers.size() < used) return;
      const double* n = numbers.data() + numbers.size() - used;
      transform = {
          {n[0], n[1], n[2]}, {n[3], n[4], n[5]}, {n[6], n[7], n[8]}, {n[9], n[10], n[11]}, n[12]};
      return;
    }
  }

  void add(Vec3 a, Vec3 b) {
    if (segments.size() >= max_segments) return;
    const Segment segment{transform(a), transform(b)};
    if (usable(segment[0]) && usable(segment[1])) segments.push_back(segment);
  }

  std::optional<Vec3> point_of(const Record& vertex) {
    for (const std::int64_t reference : values(vertex).references) {
      const Record* record = at(reference, "point");
      if (record == nullptr) continue;
      const std::vector<double> n = values(*record).numbers;
      if (n.size() < 3) return std::nullopt;
      return Vec3{n[n.size() - 3], n[n.size() - 2], n[n.size() - 1]};
    }
    return std::nullopt;
  }

  void add_edge(const Record& record) {
    Values edge = values(record);
    if (!records.has_words()) edge.reversed = !edge.numbers.empty() && edge.numbers.back() == 1;
    std::vector<Vec3> ends;
    const Record* curve = nullptr;
    for (const std::int64_t reference : edge.references) {
      if (const Record* vertex = at(reference, "vertex"); vertex && ends.size() < 2) {
        const std::optional<Vec3> point = point_of(*vertex);
        if (!point) return;
        ends.push_back(*point);
      }
      if (const Record* found = at(reference, "curve")) curve = found;
    }
    if (ends.size() != 2 || curve == nullptr) return;
    if (curve->leaf == "straight") add(ends[0], ends[1]);
    if (curve->leaf == "ellipse") add_elliptic(values(*curve).numbers, ends, edge.reversed);
    if (curve->leaf == "intcurve") add_spline(*curve);
  }

  // Center, normal, major axis (to its end), ratio of the axes.
  void add_elliptic(const std::vector<double>& n, const std::vector<Vec3>& ends, bool reversed) {
    if (n.size() < 10) return;
    const Vec3 center{n[0], n[1], n[2]}, major{n[6], n[7], n[8]};
    const Vec3 normal = unit({n[3], n[4], n[5]});
    const Vec3 minor = cross(normal, major) * n[9];
    const double a = dot(major, major), b = dot(minor, minor);
    if (!(a > 0) || !(b > 0)) return;
    const auto angle = [&](Vec3 p) {
      const Vec3 d = p - center;
      return std::atan2(dot(d, minor) / b, dot(d, major) / a);
    };
    const double from = angle(ends[0]);
    double sweep = angle(ends[1]) - from;
    if (ends[0] == ends[1])
      sweep = kTwoPi;
    else if (!reversed && sweep <= 0)
      sweep += kTwoPi;
    else if (reversed && sweep >= 0)
      sweep -= kTwoPi;
    add_arc(center, major, minor, from, sweep);
  }

  void add_arc(Vec3 center, Vec3 u, Vec3 v, double from, double sweep) {
    if (!std::isfinite(from) || !std::isfinite(sweep)) return;
    const int pieces =
        std::max(1, static_cast<int>(std::ceil(std::abs(sweep) / kTwoPi * kSegmentsPerTurn)));
    const auto at_piece = [&](int i) {
      const double t = from + sweep * i / pieces;
      return center + u * std::cos(t) + v * std::sin(t);
    };
    for (int i = 0; i < pieces; ++i) add(at_piece(i), at_piece(i + 1));
  }

  // A face without loops on a sphere or a torus is the whole of it.
  void add_isolines(const Record& face) {
    const std::vector<std::int64_t> references = values(face).references;
    const Record* surface = nullptr;
    for (const std::int64_t reference : references) {
      if (at(reference, "loop") != nullptr) return;
      if (const Record* found = at(reference, "surface")) surface = found;
    }
    if (surface == nullptr) return;
    const std::vector<double> n = values(*surface).numbers;
    if (surface->leaf == "sphere" && n.size() >= 4) add_sphere({n[0], n[1], n[2]}, std::abs(n[3]));
    if (surface->leaf == "torus" && n.size() >= 8)
      add_torus({n[0], n[1], n[2]}, unit({n[3], n[4], n[5]}), n[6], n[7]);
  }

  void add_circle(Vec3 center, Vec3 u, Vec3 v, double radius) {
    add_arc(center, u * radius, v * radius, 0, kTwoPi);
  }

  void add_sphere(Vec3 center, double radius) {
    const Vec3 x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
    add_circle(center, x, y, radius);
    add_circle(center, y, z, radius);
    add_circle(center, z, x, radius);
  }

  // Two equators, the top and the bottom circle, and four rings of the tube.
  void add_torus(Vec3 center, Vec3 axis, double major, double minor) {
    const Vec3 u = unit(cross(std::abs(axis.z) < 0.9 ? Vec3{0, 0, 1} : Vec3{1, 0, 0}, axis));
    const Vec3 v = cross(axis, u);
    add_circle(center, u, v, major + minor);
    add_circle(center, u, v, major - minor);
    add_circle(center + axis * minor, u, v, major);
    add_circle(center - axis * minor, u, v, major);
    for (const Vec3 out : {u, v, u * -1, v * -1})
      add_circle(center + out * major, out, axis, minor);
  }

  void add_spline(const Record& curve);
};

// The knots and poles that an interpolated curve states for itself: "nubs" or "nurbs", degree,
// closure, number of distinct knots, pairs of knot and multiplicity, poles (with weights: nurbs).
struct SplineData {
  std::size_t degree = 0;
  std::vector<double> knots;
  std::vector<Vec3> poles;
  std::vector<double> weights;
};

// Number by number from where "nubs" was found; false when one is missing.
bool take_number(Cursor& cursor, std::size_t& left, double& value) {
  Token token;
  do {
    if (left == 0 || !cursor.next(token)) return false;
    --left;
  } while (token.kind == Token::Kind::word);  // closure: open, closed, periodic
  value = token.number;
  return token.kind == Token::Kind::number;
}

bool read_spline(Cursor& cursor, bool closure_is_number, std::size_t& left, std::size_t room,
                 SplineData& s) {
  Token token;
  bool rational = false, found = false;
  while (!found) {
    if (left == 0 || !cursor.next(token)) return false;
    --left;
    rational = token.word == "nurbs";
    found = rational || token.word == "nubs";
  }
  double degree = 0, closure = 0, distinct = 0;
  if (!take_number(cursor, left, degree) || degree < 1 || degree > 25) return false;
  s.degree = static_cast<std::size_t>(degree);
  if (closure_is_number && !take_number(cursor, left, closure)) return false;
  if (!take_number(cursor, left, distinct)) return false;
  for (double knot = 0, times = 0; distinct >= 1 && s.knots.size() < room; --distinct) {
    if (!take_number(cursor, left, knot) || !take_number(cursor, left, times)) return false;
    if (times < 1 || times > degree + 1) return false;
    s.knots.insert(s.knots.end(), static_cast<std::size_t>(times), knot);
  }
  if (s.knots.size() < 2 * s.degree || !std::ranges::is_sorted(s.knots)) return false;
  const std::size_t poles = s.knots.size() - s.degree + 1;
  for (std::size_t i = 0; i < poles; ++i) {
    Vec3 p;
    double weight = 1;
    if (!take_number(cursor, left, p.x) || !take_number(cursor, left, p.y) ||
        !take_number(cursor, left, p.z) || (rational && !take_number(cursor, left, weight)))
      return false;
    s.poles.push_back(p);
    s.weights.push_back(weight);
  }
  // ACIS leaves out the first and the last knot of the usual notation.
  s.knots.insert(s.knots.begin(), s.knots.front());
  s.knots.push_back(s.knots.back());
  return true;
}

// De Boor, in homogeneous coordinates.
Vec3 evaluate(const SplineData& s, std::size_t span, double t) {
  struct Pole {
    Vec3 p;
    double w;
  };
  std::array<Pole, 26> d{};
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

void Wireframe::add_spline(const Record& curve) {
  constexpr int kPieces = 8;
  SplineData s;
  Cursor cursor(records, curve);
  if (!read_spline(cursor, !records.has_words(), tokens_left, max_segments, s)) return;
  for (std::size_t span = s.degree; span < s.poles.size(); ++span) {
    const double low = s.knots[span], high = s.knots[span + 1];
    if (!(high > low)) continue;
    Vec3 from = evaluate(s, span, low);
    for (int i = 1; i <= kPieces; ++i) {
      const Vec3 to = evaluate(s, span, low + (high - low) * i / kPieces);
      add(from, to);
      from = to;
    }
  }
}

}  // namespace

std::vector<Segment> wireframe(std::string_view data, std::size_t max_segments) {
  Wireframe wireframe{split(data, kMaxRecords), max_segments};
  wireframe.tokens_left = data.size() * kTokensPerByte;
  wireframe.build();
  return std::move(wireframe.segments);
}

}  // namespace cad::acis
