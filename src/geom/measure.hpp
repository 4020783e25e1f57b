// SPDX-License-Identifier: Apache-2.0
// Lengths and areas of entities, in drawing units: only where a closed formula gives them.
#pragma once

#include <cstdint>
#include <optional>

#include "model/entity.hpp"

namespace cad {

// length: of the curve (closed curves: once around). perimeter and area: of closed planar outlines;
// the area of an outline that crosses itself is the absolute value of its signed area. Null where
// the entity has no such value or no exact one (splines, elliptic arcs, text, inserts ...).
struct Metrics {
  std::optional<double> length, area, perimeter;
  std::optional<std::uint64_t> vertex_count;
};

Metrics measure(const Entity& entity);

}  // namespace cad
