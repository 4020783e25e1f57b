// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace cad {
namespace {

TEST(DecodeCarets, GivesControlCharactersAndTheCaretItself) {
  EXPECT_EQ(decode_carets("a^Jb^Ic"), "a\nb\tc");
  EXPECT_EQ(decode_carets("\\S0.01^ 0.02;"), "\\S0.01^0.02;");
  EXPECT_EQ(decode_carets("^ J"), "^J");
}

TEST(DecodeCarets, LeavesOtherCaretsAlone) {
  EXPECT_EQ(decode_carets("x^2"), "x^2");
  EXPECT_EQ(decode_carets("end^"), "end^");
  EXPECT_EQ(decode_carets(""), "");
}

}  // namespace
}  // namespace cad
