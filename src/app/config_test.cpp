// SPDX-License-Identifier: Apache-2.0
#include "app/config.hpp"

#include <gtest/gtest.h>

namespace cad::app {
namespace {

TEST(Address, is_read) {
  EXPECT_EQ(parse_address("127.0.0.1:3001")->port, 3001);
  EXPECT_EQ(parse_address("[::1]:0")->host, "::1");
  EXPECT_EQ(parse_address("localhost:80")->host, "127.0.0.1");
  for (const char* wrong : {"", "3001", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
                            ":3001", "example.com:3001", "127.0.0.1:-1", "127.0.0.1:1 "})
    EXPECT_FALSE(parse_address(wrong)) << wrong;
}

TEST(Config, limits_that_make_no_sense_are_refused) {
  Config config;
  config.retention_hours = 0;
  EXPECT_FALSE(check(config));
}

}  // namespace
}  // namespace cad::app
