// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostics.hpp"

#include <gtest/gtest.h>

namespace cad {
namespace {

TEST(Diagnostics, CountsRepeatsOfOneCodeAndSubject) {
  Diagnostics diagnostics;
  diagnostics.warn("BAD_NUMBER", "LINE", "A number could not be read.", "line 12");
  diagnostics.warn("BAD_NUMBER", "LINE", "A number could not be read.", "line 99");
  diagnostics.warn("BAD_NUMBER", "ARC", "A number could not be read.", "line 120");
  ASSERT_EQ(diagnostics.all().size(), 2u);
  EXPECT_EQ(diagnostics.all()[0].count, 2u);
  EXPECT_EQ(diagnostics.all()[0].where, "line 12");
}

TEST(Diagnostics, KeepsAtMostItsCapAndCountsTheRest) {
  Diagnostics diagnostics(3);
  for (int i = 0; i < 10; ++i) diagnostics.warn("ODD", "TYPE" + std::to_string(i), "Odd.", "", 2);
  EXPECT_EQ(diagnostics.all().size(), 3u);
  EXPECT_EQ(diagnostics.dropped(), 14u);
  diagnostics.warn("ODD", "TYPE0", "Odd.");  // a kept one is still counted when full
  EXPECT_EQ(diagnostics.all()[0].count, 3u);
}

TEST(Diagnostics, SentenceSaysWhereAndHowOften) {
  EXPECT_EQ(to_sentence({"C", Severity::warning, "S", "Odd.", "", 1}), "S: Odd.");
  EXPECT_EQ(to_sentence({"C", Severity::warning, "S", "Odd.", "line 3", 1}), "S: Odd. (line 3)");
  EXPECT_EQ(to_sentence({"C", Severity::warning, "S", "Odd.", "line 3", 4}),
            "S: Odd. (line 3; 4 times)");
  EXPECT_EQ(to_sentence({"C", Severity::warning, "S", "Odd.", "", 4}), "S: Odd. (4 times)");
  EXPECT_EQ(to_sentence({"C", Severity::warning, "SHAPE", "Its shape is odd.", "", 1}),
            "SHAPE: Its shape is odd.");
  EXPECT_EQ(to_sentence({"C", Severity::warning, "Plan", "Sheet Plan is odd.", "", 1}),
            "Sheet Plan is odd.");
}

}  // namespace
}  // namespace cad
