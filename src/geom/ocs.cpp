// SPDX-License-Identifier: Apache-2.0
#include "geom/ocs.hpp"

namespace cad {

Ocs::Ocs(Vec3 normal) {
  const double n = length(normal);
  if (!(n > 1e-12) || !std::isfinite(n)) return;
  z = normal * (1 / n);
  constexpr double kNear = 1.0 / 64;
  is_wcs = std::abs(z.x) < 1e-12 && std::abs(z.y) < 1e-12 && z.z > 0;
  is_mirrored = std::abs(z.x) < 1e-12 && std::abs(z.y) < 1e-12 && z.z < 0;
  if (is_wcs || is_mirrored) {  // exact axes: no rounding noise in the common cases
    z = {0, 0, is_wcs ? 1.0 : -1.0};
    x = {is_wcs ? 1.0 : -1.0, 0, 0};
    y = {0, 1, 0};
    return;
  }
  const bool near_z = std::abs(z.x) < kNear && std::abs(z.y) < kNear;
  x = near_z ? cross(Vec3{0, 1, 0}, z) : cross(Vec3{0, 0, 1}, z);
  x = x * (1 / length(x));
  y = cross(z, x);
  y = y * (1 / length(y));
}

Affine Ocs::top_view(double elevation) const {
  return {x.x, x.y, y.x, y.y, z.x * elevation, z.y * elevation};
}

}  // namespace cad
