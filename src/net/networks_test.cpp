// SPDX-License-Identifier: Apache-2.0
#include "net/networks.hpp"

#include <gtest/gtest.h>

namespace cad::net {
namespace {

TEST(Networks, S07_addresses_and_networks) {
  Networks networks;
  ASSERT_TRUE(networks.add("10.1.2.0/24"));
  ASSERT_TRUE(networks.add("2001:db8::/32"));
  ASSERT_TRUE(networks.add("192.0.2.7"));
  for (const char* in : {"10.1.2.0", "10.1.2.255", "::ffff:10.1.2.3", "2001:db8:1::1", "192.0.2.7"})
    EXPECT_TRUE(networks.contains(*parse_ip(in))) << in;
  for (const char* out : {"10.1.3.0", "2001:db9::", "192.0.2.8", "::1", "127.0.0.1"})
    EXPECT_FALSE(networks.contains(*parse_ip(out))) << out;
  for (const char* none :
       {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4 ", "::g", "1.2.3.4:80", "[::1]"})
    EXPECT_FALSE(parse_ip(none)) << none;
  EXPECT_EQ(parse_ip_and_port("192.0.2.1:80")->text(), "192.0.2.1");
  EXPECT_EQ(parse_ip_and_port("[2001:DB8::1]:80")->text(), "2001:db8::1");
  EXPECT_EQ(parse_ip_and_port("2001:db8::1")->text(), "2001:db8::1");
  for (const char* none :
       {"1.2.3.4:", "1.2.3.4:x", "[::1", "[::1]80", "[::1]:99999", "[1]:2", "x:1"})
    EXPECT_FALSE(parse_ip_and_port(none)) << none;
  EXPECT_EQ(parse_ip("2001:db8:1:2:3:4:5:6")->group(), "2001:db8:1:2::");
  EXPECT_TRUE(parse_ip("::ffff:127.0.0.1")->is_loopback());
}

}  // namespace
}  // namespace cad::net
