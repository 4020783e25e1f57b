// SPDX-License-Identifier: Apache-2.0
// How much one pass over a sheet may do. What a drawing stores may be drawn, and some more: blocks
// hold things once and show them often. A few bytes that would be millions of things are a bomb.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/limits.hpp"
#include "model/drawing.hpp"

namespace cad::scene::detail {

struct Budget {
  std::uint64_t units = 0;   // entities visited, primitives, and what they cost beyond the usual
  std::uint64_t detail = 0;  // dashes and pattern lines: without them all is still there, plainer
};

inline Budget budget_of(const Drawing& drawing, const Limits& limits) {
  std::uint64_t stored = 0;
  for (const Block& block : drawing.blocks) stored += block.entities.size();
  const std::uint64_t units =
      std::min<std::uint64_t>(limits.max_primitives, limits.small_drawing_primitives +
                                                         stored * limits.primitives_per_entity);
  return {units, units / 2};
}

}  // namespace cad::scene::detail
