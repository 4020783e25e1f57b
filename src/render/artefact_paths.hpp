// SPDX-License-Identifier: Apache-2.0
// Paths as words of a scene artefact: verb count, verbs four to a word, then float coordinates.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/vec.hpp"
#include "geom/path.hpp"

namespace cad::render::clsc {

using Words = std::vector<std::uint32_t>;

// Never infinite or NaN, whatever it is given.
inline float to_float(double v) {
  constexpr double kMax = std::numeric_limits<float>::max();
  return v == v ? static_cast<float>(std::clamp(v, -kMax, kMax)) : 0.0f;
}
inline std::uint32_t to_word(double v) { return std::bit_cast<std::uint32_t>(to_float(v)); }
inline double to_double(std::uint32_t word) { return std::bit_cast<float>(word); }

// Appends the path, coordinates relative to `origin`. Arcs with a radius beyond `max_radius` become
// cubic Beziers: as floats, their center and angles would not say where they pass.
void append_path(const Path& path, Vec2 origin, double max_radius, Words& out);

// The path of the words, `origin` added. False: they are no path (counts, verbs, numbers).
bool read_path(std::span<const std::uint32_t> words, Vec2 origin, Path& out);

}  // namespace cad::render::clsc
