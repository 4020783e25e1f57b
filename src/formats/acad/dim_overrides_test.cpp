// SPDX-License-Identifier: Apache-2.0
#include "formats/acad/dim_overrides.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace cad::acad {
namespace {

constexpr double kMost = 1e12;

XdataItem code(std::int64_t value) { return {1070, value}; }
XdataItem real(double value) { return {1040, value}; }
XdataItem text(const char* value) { return {1000, std::string(value)}; }

DimOverrides read(std::initializer_list<XdataItem> items) {
  return dim_overrides({items.begin(), items.size()}, kMost);
}

TEST(AcadDimOverrides, ReadsWhatIsBetweenTheBraces) {
  const DimOverrides o =
      read({text("OTHER"), code(41), real(7), text("DSTYLE"), text("{"), code(40), real(2),
            code(176), code(1), code(342), text("2F"), text("}"), code(140), real(3)});
  EXPECT_TRUE(o.any);
  EXPECT_EQ(o.scale, 2);
  EXPECT_EQ(o.line_color, Color::aci(1));
  EXPECT_EQ(o.arrow, 0x2Fu);
  EXPECT_FALSE(o.arrow_size.has_value());
  EXPECT_FALSE(o.text_height.has_value());
}

TEST(AcadDimOverrides, WithoutThemThereAreNone) {
  EXPECT_FALSE(read({}).any);
  EXPECT_FALSE(read({text("DSTYLE")}).any);
  EXPECT_FALSE(read({text("DSTYLE"), text("{"), code(40)}).any);
  EXPECT_FALSE(read({code(40), real(2)}).any);
}

TEST(AcadDimOverrides, UnknownVariablesAndWrongTypesAreLeftOut) {
  const DimOverrides o = read({text("DSTYLE"), text("{"), code(50), real(0.7), text("}")});
  EXPECT_FALSE(o.any);
  EXPECT_FALSE(read({text("DSTYLE"), text("{"), code(40), text("2"), text("}")}).scale);
}

TEST(AcadDimOverrides, NumbersBeyondTheLimitAreNone) {
  EXPECT_EQ(read({text("DSTYLE"), text("{"), code(40), real(1e200), text("}")}).scale, 0);
}

}  // namespace
}  // namespace cad::acad
