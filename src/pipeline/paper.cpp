// SPDX-License-Identifier: Apache-2.0
#include "pipeline/paper.hpp"

namespace cad {

// A plot a billion times as large as what is drawn, or as small, is damage.
constexpr double kMost = 1e9;

double mm_per_unit(const Layout& layout) {
  if (layout.is_model) return 0;
  const double plotted = layout.plot_units == 0 ? 25.4 : 1;
  const double scaled = plotted * layout.plot_scale_numerator / layout.plot_scale_denominator;
  return scaled >= 1 / kMost && scaled <= kMost ? scaled : plotted;
}

}  // namespace cad
