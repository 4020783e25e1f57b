// SPDX-License-Identifier: Apache-2.0
#include "app/backends.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cad::app {
namespace {

std::vector<std::string> table(const std::string& host) {
  if (host == "db.internal") return {"10.0.0.5", "fd00::5"};
  if (host == "mixed.example.com") return {"10.0.0.5", "198.51.100.7"};
  if (host == "db.example.com") return {"198.51.100.7"};
  return {};
}

TEST(Backends, S05_an_open_connection_over_a_public_network_is_refused) {
  for (const char* open :
       {"postgresql://cad:word@db.example.com/cad", "postgres://198.51.100.7/cad",
        "postgresql://db.example.com/cad?sslmode=require",
        "postgresql://db.example.com/cad?sslmode=prefer&x=sslmode=verify-full",
        "postgresql://db.example.com/cad?sslmode=verify-full&sslmode=disable",
        "postgresql://[2001:db8::1]:5432/cad", "redis://:word@db.example.com:6379/0",
        "redis://unknown.example.com", "redis://mixed.example.com", "http://s3.example.com",
        "http://198.51.100.7:9000", "redis://10.0.0.5@198.51.100.7"}) {
    const auto checked = check_backend("CADLENS_DATABASE_URL", open, table);
    ASSERT_FALSE(checked) << open;
    EXPECT_THAT(checked.error().message, testing::HasSubstr("CADLENS_DATABASE_URL"));
    EXPECT_THAT(checked.error().message, testing::HasSubstr("TLS"));
    EXPECT_THAT(checked.error().message, testing::Not(testing::HasSubstr("word")));
  }
}

TEST(Backends, S05_tls_and_private_networks_are_taken) {
  for (const char* good :
       {"postgresql://cad:word@db.example.com/cad?sslmode=verify-full",
        "postgresql://db.example.com/cad?a=b&sslmode=verify-ca", "postgresql://db.internal/cad",
        "postgresql://10.1.2.3:5432/cad", "postgresql://[fd00::1]/cad", "postgresql:///cad",
        "rediss://db.example.com", "redis://127.0.0.1:6379", "redis://192.168.7.7",
        "https://s3.example.com", "http://[::1]:9000"})
    EXPECT_TRUE(check_backend("X", good, table)) << good;
}

TEST(Backends, S05_no_parameter_leads_elsewhere) {
  for (const char* elsewhere :
       {"postgresql://db.internal/cad?host=198.51.100.7",
        "postgresql://10.0.0.5/cad?hostaddr=198.51.100.7",
        "postgresql:///cad?a=b&host=db.example.com", "postgresql://db.internal/cad?service=x"})
    EXPECT_FALSE(check_backend("X", elsewhere, table)) << elsewhere;
}

TEST(Backends, what_is_no_url_is_told_so) {
  for (const char* wrong : {"", "db.internal", "mysql://db.internal/x", "://"})
    EXPECT_FALSE(check_backend("X", wrong, table)) << wrong;
}

TEST(Backends, pictures_come_from_elsewhere_only_where_browsers_reach_the_bucket) {
  const auto origin = [](std::string url) {
    BackendUrls urls;
    if (!url.empty()) urls.s3 = Secret::from_text(url);
    return image_origin(urls).value();
  };
  EXPECT_EQ(origin(""), "");
  EXPECT_EQ(origin("https://s3.example.com/bucket"), "");
  EXPECT_EQ(origin("https://s3.example.com/bucket?public=https://pictures.example.com/"),
            "https://pictures.example.com");
}

}  // namespace
}  // namespace cad::app
