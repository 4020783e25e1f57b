// SPDX-License-Identifier: Apache-2.0
#include "base/vec.hpp"

#include <gtest/gtest.h>

namespace cad {
namespace {

TEST(Box2, IsEmptyUntilAPointIsAdded) {
  Box2 box;
  EXPECT_TRUE(box.empty());
  box.add(Vec2{3, -2});
  EXPECT_FALSE(box.empty());
  EXPECT_EQ(box.width(), 0);
  box.add(Vec2{-1, 5});
  EXPECT_EQ(box, (Box2{-1, -2, 3, 5}));
}

TEST(Box2, IgnoresAnEmptyBox) {
  Box2 box{0, 0, 1, 1};
  box.add(Box2{});
  EXPECT_EQ(box, (Box2{0, 0, 1, 1}));
}

TEST(Vec3, CrossFollowsTheRightHand) {
  EXPECT_EQ(cross(Vec3{1, 0, 0}, Vec3{0, 1, 0}), (Vec3{0, 0, 1}));
  EXPECT_EQ(cross(Vec2{1, 0}, Vec2{0, 1}), 1);
}

}  // namespace
}  // namespace cad
