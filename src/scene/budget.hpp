// SPDX-License-Identifier: Apache-2.0
// How much one pass over a sheet may do.
#pragma once

#include <cstdint>

#include "base/limits.hpp"
#include "model/drawing.hpp"

namespace cad::scene::detail {

struct Budget {
  std::uint64_t units = 0;   // entities visited, primitives, and what they cost beyond the usual
  std::uint64_t detail = 0;  // dashes and pattern lines: without them all is still there, plainer
};

inline Budget budget_of(const Drawing& drawing, const Limits& limits) {
  const std::uint64_t units = allowed(limits.primitives, drawing);
  return {units, units / 2};
}

}  // namespace cad::scene::detail
