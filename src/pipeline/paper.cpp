// SPDX-License-Identifier: Apache-2.0
#include "pipeline/paper.hpp"

#include <cmath>

namespace cad {

double mm_per_unit(const Layout& layout) {
  if (layout.is_model) return 0;
  const double plotted = layout.plot_units == 0 ? 25.4 : 1;
  const double scaled = plotted * layout.plot_scale_numerator / layout.plot_scale_denominator;
  return std::isfinite(scaled) && scaled > 0 ? scaled : plotted;
}

}  // namespace cad
