// SPDX-License-Identifier: Apache-2.0
#include "base/percent.hpp"

#include <gtest/gtest.h>

namespace cad {
namespace {

TEST(Percent, escapes_become_bytes_and_all_else_stays) {
  EXPECT_EQ(percent_decoded("a%2Fb%c3%9F+%25"), "a/b\xc3\x9f+%");
  EXPECT_EQ(percent_decoded("a+b%2B", true), "a b+");
  EXPECT_EQ(percent_decoded(""), "");
  EXPECT_EQ(percent_decoded("%00")->size(), 1u);
}

TEST(Percent, an_escape_without_two_digits_is_none) {
  for (const char* text : {"%", "%4", "a%", "%4g", "%+1", "% 1", "%%41"})
    EXPECT_FALSE(percent_decoded(text)) << text;
}

}  // namespace
}  // namespace cad
