// SPDX-License-Identifier: Apache-2.0
#include "s3/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace cad::s3 {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(S3Settings, path_style_and_its_parts) {
  const auto read = parse_settings(
      "https://S3.Example.com:9000/my-bucket/"
      "?region=eu-central-1&prefix=a/b/"
      "&sse=aws:kms&kms-key=alias%2Fcad&sse-required=yes&etag=opaque"
      "&ca=/etc/ca.pem");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->https);
  EXPECT_EQ(read->authority(), "s3.example.com:9000");
  EXPECT_EQ(read->path_of("uploads/x"), "/my-bucket/a/b/uploads/x");
  EXPECT_EQ(read->path_of(""), "/my-bucket");
  EXPECT_EQ(read->region, "eu-central-1");
  EXPECT_EQ(read->sse, "aws:kms");
  EXPECT_EQ(read->kms_key, "alias/cad");
  EXPECT_TRUE(read->sse_required);
  EXPECT_TRUE(read->opaque_etags);
  EXPECT_EQ(read->ca_file, "/etc/ca.pem");
}

TEST(S3Settings, the_bucket_may_be_in_the_hosts_name) {
  const auto read = parse_settings("https://s3.eu-west-1.amazonaws.com/bucket");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->style, Style::virtual_host);
  EXPECT_EQ(read->authority(), "bucket.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(read->path_of("k"), "/k");
  EXPECT_EQ(read->path_of(""), "/");
  EXPECT_EQ(parse_settings("http://h.internal/bucket?style=virtual")->authority(),
            "bucket.h.internal");
  EXPECT_EQ(parse_settings("http://[::1]:80/bucket")->authority(), "[::1]");
}

TEST(S3Settings, where_browsers_reach_the_bucket) {
  EXPECT_EQ(parse_settings("http://10.0.0.1/bucket")->public_url, "");
  EXPECT_EQ(parse_settings("http://10.0.0.1/bucket?public=https://s3.example.com/")->public_url,
            "https://s3.example.com");
}

TEST(S3Settings, S03_encryption_is_asked_for_unless_told_otherwise) {
  EXPECT_EQ(parse_settings("https://h/bucket")->sse, "AES256");
  EXPECT_EQ(parse_settings("https://h/bucket?sse=none")->sse, "");
  EXPECT_FALSE(parse_settings("https://h/bucket?sse=none&sse-required=yes"));
}

TEST(S3Settings, what_is_wrong_is_named_and_the_url_is_not_repeated) {
  const std::pair<const char*, const char*> kWrong[] = {
      {"", "must be a URL"},
      {"s3://bucket", "must be a URL"},
      {"https://key:hunter2@h/bucket", "must not hold credentials"},
      {"https://h", "names no bucket"},
      {"https://h/?region=x", "names no bucket"},
      {"https://h/Bucket", "the bucket must be"},
      {"https://h/bucket/folder", "prefix="},
      {"https://h:0/bucket", "port"},
      {"https://h:99999/bucket", "port"},
      {"https://h:9x/bucket", "port"},
      {"https:///bucket", "host"},
      {"https://h_h/bucket", "host"},
      {"https://[::1/bucket", "brackets"},
      {"https://h/bucket?style=odd", "path or virtual"},
      {"https://h/bucket?sse=AES128", "AES256, aws:kms or none"},
      {"https://h/bucket?sse-required=1", "yes or no"},
      {"https://h/bucket?kms-key=x", "needs sse=aws:kms"},
      {"https://h/bucket?region=", "\"region\" is not readable"},
      {"https://h/bucket?region=%zz", "\"region\" is not readable"},
      {"https://h/bucket?region=%00", "\"region\" is not readable"},
      {"https://h/bucket?prefix=/a", "prefix is"},
      {"https://h/bucket?prefix=a.b", "prefix is"},
      {"https://h/bucket?wrong=1", "no parameter \"wrong\""},
      {"https://h/bucket?Hunter2=1", "no parameter like that"},
      {"https://127.0.0.1/bucket?style=virtual", "use style=path"},
      {"https://h/my.bucket?style=virtual", "use style=path"},
      {"https://h/bucket?etag=x", "md5 or opaque"},
      {"https://h/bucket?public=http://cdn.example.com", "public is https://"},
      {"https://h/bucket?public=https://", "public is https://"},
      {"https://h/bucket?public=https://cdn.example.com/path", "without a path"},
      {"https://h/bucket?public=https://cdn.example.com&sse=none", "public needs encryption"},
  };
  for (const auto& [url, why] : kWrong) {
    const auto read = parse_settings(url);
    ASSERT_FALSE(read) << url;
    EXPECT_EQ(read.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(read.error().message, HasSubstr("CADLENS_S3_URL"));
    EXPECT_THAT(read.error().message, HasSubstr(why)) << url;
    EXPECT_THAT(read.error().message, Not(HasSubstr("unter2"))) << url;
  }
}

class S3Environment : public testing::Test {
 protected:
  static constexpr const char* kNames[] = {"CADLENS_S3_ACCESS_KEY", "CADLENS_S3_SECRET_KEY",
                                           "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                                           "AWS_SESSION_TOKEN"};
  void SetUp() override { clear(); }
  void TearDown() override { clear(); }
  static void clear() {
    for (const char* name : kNames) ::unsetenv(name);
  }
};

TEST_F(S3Environment, S10_credentials_are_taken_out_of_the_environment) {
  ::setenv("CADLENS_S3_ACCESS_KEY", "ours", 1);
  ::setenv("CADLENS_S3_SECRET_KEY", "word", 1);
  ::setenv("AWS_ACCESS_KEY_ID", "theirs", 1);
  const auto taken = credentials_from_environment();
  ASSERT_TRUE(taken);
  EXPECT_EQ((*taken)->access_key, "ours");
  EXPECT_EQ((*taken)->secret_key.text(), "word");
  for (const char* name : kNames) EXPECT_EQ(std::getenv(name), nullptr) << name;
}

TEST_F(S3Environment, the_names_that_aws_gives_are_known) {
  ::setenv("AWS_ACCESS_KEY_ID", "theirs", 1);
  ::setenv("AWS_SECRET_ACCESS_KEY", "word", 1);
  ::setenv("AWS_SESSION_TOKEN", "token", 1);
  const auto taken = credentials_from_environment();
  ASSERT_TRUE(taken);
  EXPECT_EQ((*taken)->access_key, "theirs");
  EXPECT_EQ((*taken)->session_token, "token");
}

TEST_F(S3Environment, halves_and_impossible_forms_are_refused) {
  EXPECT_THAT(credentials_from_environment().error().message, HasSubstr("are missing"));
  ::setenv("CADLENS_S3_ACCESS_KEY", "ours", 1);
  EXPECT_THAT(credentials_from_environment().error().message,
              HasSubstr("CADLENS_S3_SECRET_KEY (or its _FILE) is missing"));
  ::setenv("CADLENS_S3_ACCESS_KEY", "two\nlines", 1);
  ::setenv("CADLENS_S3_SECRET_KEY", "word", 1);
  EXPECT_FALSE(credentials_from_environment());
}

}  // namespace
}  // namespace cad::s3
