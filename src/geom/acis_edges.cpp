// SPDX-License-Identifier: Apache-2.0
#include "geom/acis_edges.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>
#include <unordered_map>
#include <utility>

#include "geom/acis_isolines.hpp"
#include "geom/acis_records.hpp"
#include "geom/acis_spline.hpp"

namespace cad::acis {
namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;
constexpr double kMaxCoordinate = 1e15;
constexpr int kSegmentsPerTurn = 64;
constexpr std::size_t kMaxRecords = 4'000'000, kMaxDefinitions = 1'000'000;
// Tokens looked at for each byte of data: hostile data may refer to one long record from many.
constexpr std::size_t kTokensPerByte = 8;
// Each edge bounds two faces; more is for hostile data only.
constexpr std::size_t kFacesPerEdge = 4;
// How far the ends of an edge may be from its curve, by the curve's size.
constexpr double kOffCurve = 0.01;

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

// The values of a record by kind, up to the data of a spline. Numbers before the last reference are
// not the record's own: history numbers of newer versions stand there.
struct Values {
  std::vector<std::int64_t> references;
  std::vector<double> numbers;  // behind the last reference
  bool reversed = false;        // against the edge, curve or surface it is on; a spline: itself
};

using Points = std::vector<Vec3>;

// Where on a chain of points another is: the number of the piece, and how far along it.
struct Place {
  double at = 0, distance = 0;
};

Place nearest(const Points& points, Vec3 p) {
  Place best{0, length(points[0] - p)};
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const Vec3 way = points[i + 1] - points[i];
    const double square = dot(way, way);
    const double t = square > 0 ? std::clamp(dot(p - points[i], way) / square, 0.0, 1.0) : 0;
    const double distance = length(points[i] + way * t - p);
    if (distance < best.distance) best = {static_cast<double>(i) + t, distance};
  }
  return best;
}

// The part of a chain between two points near it; nothing when they are not.
Points part_of(const Points& points, Vec3 start, Vec3 end, bool backward) {
  const auto last = static_cast<double>(points.size() - 1);
  double size = 0;
  for (const Vec3 p : points) size = std::max(size, length(p - points[0]));
  Place from = nearest(points, start), to = nearest(points, end);
  const double most = size * kOffCurve;
  if (!(from.distance <= most) || !(to.distance <= most)) return {};
  const bool closed = length(points.back() - points.front()) <= 1e-6 * size;
  if (closed && start == end) {
    from.at = backward ? last : 0;
    to.at = last - from.at;
  } else if (closed && !backward && to.at <= from.at) {
    to.at += last;
  } else if (closed && backward && to.at >= from.at) {
    from.at += last;
  }
  Points part{start};
  const auto add = [&](double i) {
    part.push_back(points[static_cast<std::size_t>(i > last ? i - last : i)]);
  };
  if (from.at < to.at)
    for (double i = std::floor(from.at) + 1; i < to.at; ++i) add(i);
  else
    for (double i = std::ceil(from.at) - 1; i > to.at; --i) add(i);
  part.push_back(end);
  return part;
}

class Builder {
 public:
  Builder(std::string_view data, std::size_t max_segments)
      : records_(split(data, kMaxRecords)),
        max_segments_(max_segments),
        tokens_left_(data.size() * kTokensPerByte),
        samples_left_(2 * max_segments) {}
  Wireframe build();

 private:
  bool full() const { return result_.segments.size() >= max_segments_ || tokens_left_ == 0; }
  const Record* at(std::int64_t reference, std::string_view base) const;
  bool is_reversed(const Token& token) const;
  Values values(const Record& record);
  void read_transform(const Record& body);
  std::optional<Vec3> point_of(const Record& vertex);
  void add(const Points& points);

  void add_edge(std::int64_t number, const Record& record);
  Points points_of(const Record& curve, Vec3 start, Vec3 end, bool reversed);
  Points arc(const std::vector<double>& numbers, Vec3 start, Vec3 end, bool reversed) const;
  Points spline(const Record& curve, Vec3 start, Vec3 end, bool reversed);
  std::optional<Points> spline_points(Cursor& cursor, bool rational);
  std::optional<Cursor> definition_of(const Record& curve);
  void list_definitions();

  void add_isolines(const Record& face);
  Loop read_loop(std::int64_t first_coedge);
  void append_edge(std::int64_t edge, bool reversed, Loop& loop);

  const Records records_;
  const std::size_t max_segments_;
  std::size_t tokens_left_;
  std::size_t samples_left_;  // points of splines
  std::size_t loop_points_left_ = 0;
  Transform transform_;
  std::vector<Cursor> definitions_;  // each behind its "{"
  bool definitions_are_listed_ = false;
  std::unordered_map<std::int64_t, Points> edges_;  // by the number of their record
  std::vector<bool> visited_;                       // loops and coedges
  Wireframe result_;
};

Wireframe Builder::build() {
  for (const Record& record : records_.all)
    if (record.leaf == "body") read_transform(record);
  const auto count = static_cast<std::int64_t>(records_.all.size());
  for (std::int64_t i = 0; i < count && !full(); ++i)
    if (const Record* const edge = at(i, "edge")) add_edge(i, *edge);
  visited_.resize(records_.all.size());
  for (const auto& [number, points] : edges_) loop_points_left_ += points.size() * kFacesPerEdge;
  for (std::int64_t i = 0; i < count && !full(); ++i)
    if (const Record* const face = at(i, "face")) add_isolines(*face);
  return std::move(result_);
}

const Record* Builder::at(std::int64_t reference, std::string_view base) const {
  if (reference < 0 || static_cast<std::uint64_t>(reference) >= records_.all.size()) return nullptr;
  const Record& record = records_.all[static_cast<std::size_t>(reference)];
  return record.base == base ? &record : nullptr;
}

bool Builder::is_reversed(const Token& token) const {
  if (token.kind == Token::Kind::word) return token.word == "reversed";
  return token.kind == Token::Kind::number && token.number == 1 && !records_.has_words();
}

Values Builder::values(const Record& record) {
  Values out;
  Cursor cursor(records_, record);
  Token token;
  bool before = false, at_sense = false;
  while (tokens_left_ > 0 && cursor.next(token)) {
    --tokens_left_;
    if (token.kind == Token::Kind::open) {
      out.reversed = before;
      return out;
    }
    before = is_reversed(token);
    if (std::exchange(at_sense, false)) out.reversed = before;
    if (token.kind == Token::Kind::reference) {
      out.references.push_back(token.reference);
      out.numbers.clear();
      for (const std::string_view base : {"edge", "curve", "surface"})
        at_sense = at_sense || at(token.reference, base) != nullptr;
    } else if (token.kind == Token::Kind::number) {
      out.numbers.push_back(token.number);
    }
  }
  return out;
}

void Builder::read_transform(const Record& body) {
  for (const std::int64_t reference : values(body).references) {
    const Record* record = at(reference, "transform");
    if (record == nullptr) continue;
    // Newer versions have a history number before the thirteen, the oldest three flags behind.
    const std::vector<double> numbers = values(*record).numbers;
    const std::size_t used = records_.has_words() ? 13 : 16;
    if (numbers.size() < used) return;
    const double* n = numbers.data() + numbers.size() - used;
    transform_ = {
        {n[0], n[1], n[2]}, {n[3], n[4], n[5]}, {n[6], n[7], n[8]}, {n[9], n[10], n[11]}, n[12]};
    return;
  }
}

void Builder::add(const Points& points) {
  for (std::size_t i = 1; i < points.size() && result_.segments.size() < max_segments_; ++i) {
    const Segment segment{transform_(points[i - 1]), transform_(points[i])};
    if (usable(segment[0]) && usable(segment[1])) result_.segments.push_back(segment);
  }
}

std::optional<Vec3> Builder::point_of(const Record& vertex) {
  for (const std::int64_t reference : values(vertex).references) {
    const Record* record = at(reference, "point");
    if (record == nullptr) continue;
    const std::vector<double> n = values(*record).numbers;
    if (n.size() < 3) return std::nullopt;
    return Vec3{n[n.size() - 3], n[n.size() - 2], n[n.size() - 1]};
  }
  return std::nullopt;
}

// An edge without a curve is a single point: the tip of a cone.
void Builder::add_edge(std::int64_t number, const Record& record) {
  const Values edge = values(record);
  Points ends;
  const Record* curve = nullptr;
  for (const std::int64_t reference : edge.references) {
    if (const Record* vertex = at(reference, "vertex"); vertex && ends.size() < 2) {
      if (const std::optional<Vec3> point = point_of(*vertex)) ends.push_back(*point);
    }
    if (const Record* found = at(reference, "curve")) curve = found;
  }
  if (curve == nullptr) return;
  Points points;
  if (ends.size() == 2) points = points_of(*curve, ends[0], ends[1], edge.reversed);
  if (points.empty()) {
    ++result_.left_out;
    return;
  }
  add(points);
  edges_.emplace(number, std::move(points));
}

Points Builder::points_of(const Record& curve, Vec3 start, Vec3 end, bool reversed) {
  if (curve.leaf == "straight") return {start, end};
  if (curve.leaf == "ellipse") return arc(values(curve).numbers, start, end, reversed);
  if (curve.leaf == "intcurve") return spline(curve, start, end, reversed);
  return {};
}

// Center, normal, major axis (to its end), ratio of the axes.
Points Builder::arc(const std::vector<double>& n, Vec3 start, Vec3 end, bool reversed) const {
  if (n.size() < 10) return {};
  const Vec3 center{n[0], n[1], n[2]}, major{n[6], n[7], n[8]};
  const Vec3 minor = cross(unit({n[3], n[4], n[5]}), major) * n[9];
  const double a = dot(major, major), b = dot(minor, minor);
  if (!(a > 0) || !(b > 0)) return {};
  const auto angle = [&](Vec3 p) {
    const Vec3 d = p - center;
    return std::atan2(dot(d, minor) / b, dot(d, major) / a);
  };
  const double from = angle(start);
  double sweep = angle(end) - from;
  if (start == end)
    sweep = reversed ? -kTwoPi : kTwoPi;
  else if (!reversed && sweep <= 0)
    sweep += kTwoPi;
  else if (reversed && sweep >= 0)
    sweep -= kTwoPi;
  if (!std::isfinite(from) || !std::isfinite(sweep)) return {};
  const int pieces =
      std::max(1, static_cast<int>(std::ceil(std::abs(sweep) / kTwoPi * kSegmentsPerTurn)));
  Points points{start};
  for (int i = 1; i < pieces; ++i) {
    const double t = from + sweep * i / pieces;
    points.push_back(center + major * std::cos(t) + minor * std::sin(t));
  }
  points.push_back(end);
  return points;
}

std::optional<Points> Builder::spline_points(Cursor& cursor, bool rational) {
  Spline spline;
  if (!read_spline(cursor, rational, !records_.has_words(), tokens_left_, max_segments_, spline))
    return std::nullopt;
  Points points = sample(spline, kTwoPi / kSegmentsPerTurn, samples_left_);
  samples_left_ -= points.size();
  if (points.size() < 2 || !std::ranges::all_of(points, usable)) return std::nullopt;
  return points;
}

// What stands in braces, curves and surfaces alike, is numbered through the data by where it
// begins.
void Builder::list_definitions() {
  definitions_are_listed_ = true;
  for (const Record& record : records_.all) {
    Cursor cursor(records_, record);
    Token token;
    while (tokens_left_ > 0 && definitions_.size() < kMaxDefinitions && cursor.next(token)) {
      --tokens_left_;
      if (token.kind != Token::Kind::open) continue;
      Cursor ahead = cursor;
      if (ahead.next(token) && token.word != "ref") definitions_.push_back(cursor);
    }
  }
}

// A curve's own, or that of another which it names: "{ ref 23 }".
std::optional<Cursor> Builder::definition_of(const Record& curve) {
  Cursor cursor(records_, curve);
  Token token;
  while (tokens_left_ > 0 && cursor.next(token)) {
    --tokens_left_;
    if (token.kind != Token::Kind::open) continue;
    Cursor ahead = cursor;
    if (!ahead.next(token) || token.word != "ref") return cursor;
    if (!ahead.next(token) || token.kind != Token::Kind::number) return {};
    if (!definitions_are_listed_) list_definitions();
    if (!(token.number >= 0 && token.number < static_cast<double>(definitions_.size()))) return {};
    return definitions_[static_cast<std::size_t>(token.number)];
  }
  return {};
}

// The first spline of the curve's data that goes through the ends of the edge: others are in the
// parameters of a surface, or the surfaces' own.
Points Builder::spline(const Record& curve, Vec3 start, Vec3 end, bool reversed) {
  const bool backward = values(curve).reversed != reversed;
  auto definition = definition_of(curve);
  Token token;
  while (definition && tokens_left_ > 0 && definition->next(token)) {
    --tokens_left_;
    if (token.word != "nubs" && token.word != "nurbs") continue;
    Cursor ahead = *definition;
    if (const auto points = spline_points(ahead, token.word == "nurbs")) {
      Points part = part_of(*points, start, end, backward);
      if (!part.empty()) return part;
    }
  }
  return {};
}

void Builder::add_isolines(const Record& record) {
  const Values face = values(record);
  const Record* on = nullptr;
  std::int64_t next = -1;
  for (const std::int64_t reference : face.references) {
    if (next < 0 && at(reference, "loop") != nullptr) next = reference;
    if (const Record* found = at(reference, "surface")) on = found;
  }
  if (on == nullptr || on->leaf == "plane" || on->leaf == "spline") return;
  const auto surface = surface_of(on->leaf, values(*on).numbers);
  if (!surface) return;
  std::vector<Loop> loops;
  while (const Record* const loop = at(next, "loop")) {
    if (visited_[static_cast<std::size_t>(next)]) return;
    visited_[static_cast<std::size_t>(next)] = true;
    next = -1;
    std::int64_t coedge = -1;
    for (const std::int64_t reference : values(*loop).references) {
      if (next < 0 && at(reference, "loop") != nullptr) next = reference;
      if (coedge < 0 && at(reference, "coedge") != nullptr) coedge = reference;
    }
    loops.push_back(read_loop(coedge));
  }
  for (const Points& line : isolines(*surface, face.reversed, loops)) add(line);
}

// From coedge to next coedge, which each of them names first.
Loop Builder::read_loop(std::int64_t coedge) {
  Loop loop;
  while (const Record* const record = at(coedge, "coedge")) {
    if (visited_[static_cast<std::size_t>(coedge)]) break;
    visited_[static_cast<std::size_t>(coedge)] = true;
    const Values values = this->values(*record);
    coedge = -1;
    for (const std::int64_t reference : values.references) {
      if (coedge < 0 && at(reference, "coedge") != nullptr) coedge = reference;
      if (at(reference, "edge") != nullptr) append_edge(reference, values.reversed, loop);
    }
  }
  if (loop.size() > 1 && loop.front() == loop.back()) loop.pop_back();
  return loop;
}

void Builder::append_edge(std::int64_t edge, bool reversed, Loop& loop) {
  const auto found = edges_.find(edge);
  if (found == edges_.end() || found->second.size() > loop_points_left_) return;
  const Points& points = found->second;
  loop_points_left_ -= points.size();
  const auto append = [&loop](Vec3 p) {
    if (loop.empty() || !(loop.back() == p)) loop.push_back(p);
  };
  if (reversed)
    std::for_each(points.rbegin(), points.rend(), append);
  else
    std::for_each(points.begin(), points.end(), append);
}

}  // namespace

Wireframe wireframe(std::string_view data, std::size_t max_segments) {
  return Builder(data, max_segments).build();
}

}  // namespace cad::acis
