// SPDX-License-Identifier: Apache-2.0
#include "pipeline/paper.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace cad {
namespace {

Layout paper(std::uint16_t units, double numerator, double denominator) {
  Layout layout;
  layout.plot_units = units;
  layout.plot_scale_numerator = numerator;
  layout.plot_scale_denominator = denominator;
  return layout;
}

TEST(Paper, UnitsAreWhatThePlotMakesOfThem) {
  EXPECT_EQ(mm_per_unit(paper(0, 1, 1)), 25.4);
  EXPECT_EQ(mm_per_unit(paper(1, 1, 1)), 1);
  EXPECT_EQ(mm_per_unit(paper(1, 1, 50)), 0.02);                // drawn in mm, plotted 1:50
  EXPECT_NEAR(mm_per_unit(paper(1, 1, 1 / 25.4)), 25.4, 1e-9);  // drawn in inches
}

TEST(Paper, ModelSpaceHasNone) {
  Layout model = paper(1, 1, 1);
  model.is_model = true;
  EXPECT_EQ(mm_per_unit(model), 0);
}

TEST(Paper, AScaleThatIsNoneCountsAsOne) {
  for (const double wrong : {0.0, -1.0, 1e-300, 1e300, std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(mm_per_unit(paper(1, wrong, 1)), 1);
    EXPECT_EQ(mm_per_unit(paper(0, 1, wrong)), 25.4);
  }
}

}  // namespace
}  // namespace cad
