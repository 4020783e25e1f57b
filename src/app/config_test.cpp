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

TEST(Config, S26_a_security_contact_is_a_uri_of_one_line) {
  Config config;
  config.security_contacts = {"mailto:security@example.com", "https://example.com/report"};
  EXPECT_TRUE(check(config));
  for (const char* wrong : {"security@example.com", "http://example.com", "mailto:", "",
                            "mailto:a@example.com\nExpires: never", "mailto:a b@example.com"}) {
    config.security_contacts = {wrong};
    EXPECT_FALSE(check(config)) << wrong;
  }
}

TEST(Config, S04_nothing_can_be_kept_longer_than_seven_days) {
  Config config;
  for (std::int64_t Config::*hours : {&Config::retention_hours, &Config::upload_retention_hours}) {
    config = Config();
    for (const std::int64_t good : {1, 24, 168}) {
      config.*hours = good;
      EXPECT_TRUE(check(config)) << good;
    }
    for (const std::int64_t bad : {-1, 0, 169, 1'000'000}) {
      config.*hours = bad;
      EXPECT_FALSE(check(config)) << bad;
    }
  }
}

TEST(Config, S05_metrics_are_for_private_networks_unless_that_is_asked_for) {
  Config config;
  for (const char* good :
       {"", "127.0.0.1:9100", "[::1]:9100", "10.1.2.3:0", "192.168.1.1:9100", "[fd00::1]:9100"}) {
    config.metrics = good;
    EXPECT_TRUE(check(config)) << good;
  }
  for (const char* wide : {"0.0.0.0:9100", "[::]:9100", "203.0.113.5:9100", "[2001:db8::1]:9100",
                           "172.32.0.1:9100", "9100", "example.com:9100"}) {
    config.metrics = wide;
    EXPECT_FALSE(check(config)) << wide;
  }
  config.metrics = "0.0.0.0:9100";
  config.metrics_public = true;
  EXPECT_TRUE(check(config));
}

TEST(Config, limits_that_make_no_sense_are_refused) {
  Config config;
  config.max_upload_bytes = 0;
  EXPECT_FALSE(check(config));
  config = Config();
  config.workers = 2000;
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
