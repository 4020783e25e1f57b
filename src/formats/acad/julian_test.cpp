// SPDX-License-Identifier: Apache-2.0
#include "formats/acad/julian.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace cad::acad {
namespace {

TEST(Julian, DaysAndTimes) {
  EXPECT_EQ(iso_date(2'440'588, 0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso_date(2'456'718, 36'000'000), "2014-03-01T10:00:00.000Z");
  EXPECT_EQ(iso_date(2'451'604, 86'399'999), "2000-02-29T23:59:59.999Z");
  EXPECT_EQ(iso_date(2'451'604, 86'400'000), "2000-03-01T00:00:00.000Z");
  EXPECT_EQ(iso_date(2'451'604.5), "2000-02-29T12:00:00.000Z");
}

TEST(Julian, WhatIsNoDateIsEmpty) {
  EXPECT_EQ(iso_date(0, 0), "");
  EXPECT_EQ(iso_date(6'000'000, 0), "");
  EXPECT_EQ(iso_date(std::numeric_limits<double>::quiet_NaN()), "");
  EXPECT_EQ(iso_date(std::numeric_limits<double>::infinity()), "");
  EXPECT_EQ(iso_date(2'440'588, -5), "1970-01-01T00:00:00.000Z");
}

}  // namespace
}  // namespace cad::acad
