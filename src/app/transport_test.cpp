// SPDX-License-Identifier: Apache-2.0
#include "app/transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cad::app {
namespace {

std::string fault_of(const Config& config) {
  const auto transport = transport_of(config);
  return transport ? "" : transport.error().message;
}

TEST(Transport, S01_a_listener_without_tls_is_loopback_or_refused) {
  Config config;
  for (const char* open : {"0.0.0.0:3001", "192.168.1.5:3001", "[::]:3001", "10.0.0.1:443",
                           "[::ffff:127.0.0.1]:3001"}) {
    config.listen = open;
    EXPECT_THAT(fault_of(config), testing::HasSubstr("unencrypted")) << open;
  }
  for (const char* closed : {"127.0.0.1:3001", "127.8.9.1:3001", "[::1]:3001", "localhost:0",
                             "unix:/run/cadlens/api.sock"}) {
    config.listen = closed;
    EXPECT_EQ(fault_of(config), "") << closed;
  }
}

TEST(Transport, S01_an_open_listener_needs_tls_or_a_named_proxy_that_terminates_it) {
  Config config;
  config.listen = "0.0.0.0:3001";
  config.trusted_proxies = {"10.0.0.1"};
  EXPECT_THAT(fault_of(config), testing::HasSubstr("--proxy-terminates-tls"));
  config.proxy_terminates_tls = true;
  EXPECT_EQ(fault_of(config), "");
  config.trusted_proxies.clear();
  EXPECT_THAT(fault_of(config), testing::HasSubstr("--trusted-proxy"));
  config.proxy_terminates_tls = false;
  config.tls_cert = "cert.pem";
  EXPECT_THAT(fault_of(config), testing::HasSubstr("--tls-key"));
  config.tls_key = "key.pem";
  ASSERT_EQ(fault_of(config), "");
  EXPECT_TRUE(transport_of(config)->server.tls);
}

TEST(Transport, S07_everyone_is_no_proxy) {
  Config config;
  for (const char* wide : {"0.0.0.0/0", "::/0", "0.0.0.0/7", "10.0.0.1/8", "", "proxy.example",
                           "10.0.0.0/33", "10.0.0.0/x", "1.2.3"}) {
    config.trusted_proxies = {wide};
    EXPECT_NE(fault_of(config), "") << wide;
  }
  config.trusted_proxies = {"10.0.0.0/8", "2001:db8::/48", "127.0.0.1", "unix"};
  EXPECT_EQ(fault_of(config), "");
}

TEST(Transport, S02_the_redirect_needs_this_servers_https) {
  Config config;
  config.http_redirect = "127.0.0.1:80";
  EXPECT_THAT(fault_of(config), testing::HasSubstr("--tls-cert"));
  config.tls_cert = "cert.pem";
  config.tls_key = "key.pem";
  EXPECT_EQ(fault_of(config), "");
  config.public_url = "http://api.example.com";
  EXPECT_THAT(fault_of(config), testing::HasSubstr("https"));
  config.public_url = "ftp://x";
  EXPECT_NE(fault_of(config), "");
}

TEST(Transport, combinations_that_make_no_sense_are_refused) {
  Config config;
  config.listen = "unix:";
  EXPECT_NE(fault_of(config), "");
  config.listen = "unix:@abstract";
  EXPECT_NE(fault_of(config), "");
  config.listen = "unix:/tmp/a.sock";
  config.socket_mode = "0666";
  EXPECT_NE(fault_of(config), "");
  config.socket_mode = "0660";
  EXPECT_EQ(fault_of(config), "");
  config.proxy_header = "x-real-ip";
  EXPECT_NE(fault_of(config), "");
}

}  // namespace
}  // namespace cad::app
