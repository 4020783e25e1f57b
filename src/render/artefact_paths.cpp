// SPDX-License-Identifier: Apache-2.0
#include "render/artefact_paths.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "render/artefact_format.hpp"

namespace cad::render::clsc {

namespace {

// Pieces of at most an eighth of a right angle: about 1e-9 of the radius off the arc.
constexpr double kPiece = std::numbers::pi / 16;

// The same path with the arcs beyond `max_radius` as cubics.
Path without_large_arcs(const Path& path, double max_radius) {
  Path out;
  std::size_t p = 0, a = 0;
  for (const Verb verb : path.verbs) {
    switch (verb) {
      case Verb::move: out.move_to(path.points[p++]); break;
      case Verb::line: out.line_to(path.points[p++]); break;
      case Verb::cubic:
        out.cubic_to(path.points[p], path.points[p + 1], path.points[p + 2]);
        p += 3;
        break;
      case Verb::close: out.close(); break;
      case Verb::arc: {
        const EllipticArc& arc = path.arcs[a++];
        ++p;
        if (std::max(length(arc.u), length(arc.v)) <= max_radius) {
          out.arc_to(arc);
          break;
        }
        constexpr double kTurn = 2 * std::numbers::pi;
        const double sweep = std::clamp(arc.t1 - arc.t0, -kTurn, kTurn);
        const int pieces = std::max(1, static_cast<int>(std::ceil(std::abs(sweep) / kPiece)));
        const double step = sweep / pieces, pull = 4.0 / 3 * std::tan(step / 4);
        const auto at = [&](double t) {
          return arc.center + arc.u * std::cos(t) + arc.v * std::sin(t);
        };
        const auto along = [&](double t) { return arc.v * std::cos(t) - arc.u * std::sin(t); };
        for (int i = 0; i < pieces; ++i) {
          const double t0 = arc.t0 + step * i, t1 = arc.t0 + step * (i + 1);
          out.cubic_to(at(t0) + along(t0) * pull, at(t1) - along(t1) * pull, at(t1));
        }
        break;
      }
    }
  }
  return out;
}

}  // namespace

void append_path(const Path& path, Vec2 origin, double max_radius, Words& out) {
  for (const EllipticArc& arc : path.arcs)
    if (std::max(length(arc.u), length(arc.v)) > max_radius)
      return append_path(without_large_arcs(path, max_radius), origin, INFINITY, out);

  out.push_back(static_cast<std::uint32_t>(path.verbs.size()));
  for (std::size_t i = 0; i < path.verbs.size(); i += 4) {
    std::uint32_t word = 0;
    for (std::size_t k = i; k < std::min(i + 4, path.verbs.size()); ++k)
      word |= static_cast<std::uint32_t>(path.verbs[k]) << 8 * (k - i);
    out.push_back(word);
  }
  const auto add = [&](Vec2 v) {
    out.push_back(to_word(v.x));
    out.push_back(to_word(v.y));
  };
  std::size_t p = 0, a = 0;
  for (const Verb verb : path.verbs) {
    if (verb == Verb::arc) {
      const EllipticArc& arc = path.arcs[a++];
      add(arc.center - origin);
      add(arc.u);
      add(arc.v);
      add({arc.t0, arc.t1});
      ++p;
    } else {
      for (std::size_t k = floats_of(verb) / 2; k > 0; --k) add(path.points[p++] - origin);
    }
  }
}

bool read_path(std::span<const std::uint32_t> words, Vec2 origin, Path& out) {
  out.clear();
  if (words.empty()) return false;
  const std::size_t count = words[0], verb_words = (count + 3) / 4;
  if (verb_words > words.size() - 1) return false;
  const auto verbs = words.subspan(1, verb_words), values = words.subspan(1 + verb_words);
  std::size_t next = 0;
  const auto number = [&] { return to_double(values[next++]); };
  const auto point = [&] {
    const double x = number(), y = number();
    return Vec2{x, y};
  };
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t code = verbs[i / 4] >> 8 * (i % 4) & 255;
    if (code > static_cast<std::uint32_t>(Verb::close)) return false;
    const auto verb = static_cast<Verb>(code);
    if (i == 0 && verb != Verb::move) return false;
    const std::size_t needs = floats_of(verb);
    if (needs > values.size() - next) return false;
    for (std::size_t k = 0; k < needs; ++k)
      if (!std::isfinite(to_double(values[next + k]))) return false;
    if (verb == Verb::move) {
      out.move_to(point() + origin);
    } else if (verb == Verb::line) {
      out.line_to(point() + origin);
    } else if (verb == Verb::cubic) {
      const Vec2 c1 = point() + origin, c2 = point() + origin;
      out.cubic_to(c1, c2, point() + origin);
    } else if (verb == Verb::arc) {
      EllipticArc arc;
      arc.center = point() + origin;
      arc.u = point();
      arc.v = point();
      arc.t0 = number();
      arc.t1 = number();
      out.arc_to(arc);
    } else {
      out.close();
    }
  }
  return next == values.size();
}

}  // namespace cad::render::clsc
