// SPDX-License-Identifier: Apache-2.0
#include "app/config.hpp"

#include <gmock/gmock.h>
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

TEST(Config, S01_a_listener_without_tls_is_loopback_or_refused) {
  Config config;
  for (const char* open : {"0.0.0.0:3001", "192.168.1.5:3001", "[::]:3001", "10.0.0.1:443",
                           "[::ffff:127.0.0.1]:3001"}) {
    config.listen = open;
    const auto checked = check(config);
    ASSERT_FALSE(checked) << open;
    EXPECT_THAT(checked.error().message, testing::HasSubstr("TLS"));
  }
  for (const char* closed : {"127.0.0.1:3001", "127.8.9.1:3001", "[::1]:3001", "localhost:0"}) {
    config.listen = closed;
    EXPECT_TRUE(check(config)) << closed;
  }
}

TEST(Config, limits_that_make_no_sense_are_refused) {
  Config config;
  config.retention_hours = 0;
  EXPECT_FALSE(check(config));
  config = {};
  config.job_memory = 1 << 20;
  EXPECT_FALSE(check(config));
  config = {};
  config.job_cpu_seconds = 0;
  EXPECT_FALSE(check(config));
  config = {};
  config.job_wall_seconds = -1;
  EXPECT_FALSE(check(config));
}

}  // namespace
}  // namespace cad::app
