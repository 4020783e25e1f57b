// SPDX-License-Identifier: Apache-2.0
// Boundary data, text or binary: any bytes give at most the pieces asked for, all of them finite.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "geom/acis_edges.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMost = 1000;
  const auto segments =
      cad::acis::wireframe({reinterpret_cast<const char*>(data), size}, kMost).segments;
  if (segments.size() > kMost) std::abort();
  for (const auto& [a, b] : segments)
    if (!std::isfinite(a.x + a.y + a.z) || !std::isfinite(b.x + b.y + b.z)) std::abort();
  return 0;
}
