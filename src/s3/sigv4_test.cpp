// SPDX-License-Identifier: Apache-2.0
// The vectors that AWS publishes: the Signature Version 4 test suite, and the examples of
// "Signature Calculations for the Authorization Header" and "Authenticating Requests: Using Query
// Parameters" in the reference of S3. Their credentials look like real ones; they are AWS's
// published examples.
#include "s3/sigv4.hpp"

#include <gtest/gtest.h>

#include "crypto/hash.hpp"

namespace cad::s3 {
namespace {

constexpr std::int64_t kSuiteTime = 1440938160;    // 2015-08-30T12:36:00Z
constexpr std::int64_t kExampleTime = 1369353600;  // 2013-05-24T00:00:00Z

Credentials credentials(std::string_view access_key, std::string secret) {
  return {std::string(access_key), Secret::from_text(secret), ""};
}
Credentials suite_credentials() {
  return credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
}
Credentials example_credentials() {
  return credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
}

std::string signature_of(const std::string& authorization) {
  const std::string mark = "Signature=";
  return authorization.substr(authorization.find(mark) + mark.size());
}

std::string suite(std::string method, std::string path, Pairs query) {
  const ToSign request{std::move(method),
                       std::move(path),
                       std::move(query),
                       {{"host", "example.amazonaws.com"}, {"x-amz-date", amz_date(kSuiteTime)}},
                       crypto::sha256_hex("")};
  return signature_of(
      authorization(request, {"us-east-1", "service"}, suite_credentials(), kSuiteTime));
}

TEST(SigV4, agrees_with_the_suite_that_aws_publishes) {
  EXPECT_EQ(suite("GET", "/", {}),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  EXPECT_EQ(suite("POST", "/", {}),
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  EXPECT_EQ(suite("GET", "/", {{"Param2", "value2"}, {"Param1", "value1"}}),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
  EXPECT_EQ(suite("GET", uri_encode("/\xe1\x88\xb4", true), {}),
            "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
}

// `headers` without host, x-amz-date and x-amz-content-sha256, which are added.
std::string example(std::string method, std::string path, Pairs query, Pairs headers,
                    std::string_view body) {
  const std::string hash = crypto::sha256_hex(std::string(body));
  headers.emplace_back("host", "examplebucket.s3.amazonaws.com");
  headers.emplace_back("x-amz-date", amz_date(kExampleTime));
  headers.emplace_back("x-amz-content-sha256", hash);
  const ToSign request{std::move(method), std::move(path), std::move(query), std::move(headers),
                       hash};
  return signature_of(authorization(request, {"us-east-1"}, example_credentials(), kExampleTime));
}

TEST(SigV4, agrees_with_the_examples_of_the_reference_of_s3) {
  EXPECT_EQ(example("GET", "/test.txt", {}, {{"range", "bytes=0-9"}}, ""),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  EXPECT_EQ(example("PUT", "/" + uri_encode("test$file.text", true), {},
                    {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
                     {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                    "Welcome to Amazon S3."),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  EXPECT_EQ(example("GET", "/", {{"lifecycle", ""}}, {}, ""),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(example("GET", "/", {{"prefix", "J"}, {"max-keys", "2"}}, {}, ""),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(SigV4, S20_agrees_with_the_example_of_a_presigned_url) {
  const ToSign request{"GET", "/test.txt", {}, {{"host", "examplebucket.s3.amazonaws.com"}}, ""};
  EXPECT_EQ(presigned_query(request, {"us-east-1"}, example_credentials(), kExampleTime, 86400),
            "X-Amz-Algorithm=AWS4-HMAC-SHA256"
            "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
            "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
            "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(SigV4, the_header_names_credential_scope_and_headers) {
  const ToSign request{
      "GET", "/", {}, {{"x-amz-date", "20130524T000000Z"}, {"host", "h"}}, crypto::sha256_hex("")};
  EXPECT_TRUE(authorization(request, {"us-east-1"}, example_credentials(), kExampleTime)
                  .starts_with("AWS4-HMAC-SHA256 "
                               "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                               "SignedHeaders=host;x-amz-date,Signature="));
}

TEST(SigV4, a_session_token_is_part_of_a_presigned_url) {
  Credentials temporary = example_credentials();
  temporary.session_token = "to/ken=";
  const ToSign request{"GET", "/a", {}, {{"host", "h"}}, ""};
  const std::string with = presigned_query(request, {"r"}, temporary, kExampleTime, 60);
  EXPECT_NE(with.find("&X-Amz-Security-Token=to%2Fken%3D&"), std::string::npos) << with;
  EXPECT_NE(signature_of(with),
            signature_of(presigned_query(request, {"r"}, example_credentials(), kExampleTime, 60)));
}

TEST(SigV4, encodes_everything_but_the_unreserved) {
  EXPECT_EQ(uri_encode("aZ09-._~", false), "aZ09-._~");
  EXPECT_EQ(uri_encode("a/b", true), "a/b");
  EXPECT_EQ(uri_encode("a/b c+\x7f\xff", false), "a%2Fb%20c%2B%7F%FF");
}

TEST(SigV4, values_of_headers_are_trimmed_and_equal_names_joined) {
  const ToSign request{"GET", "/", {}, {{"my", "  a   b "}, {"host", "h"}, {"my", "c"}}, "hash"};
  EXPECT_EQ(canonical_request(request), "GET\n/\n\nhost:h\nmy:a b,c\n\nhost;my\nhash");
}

}  // namespace
}  // namespace cad::s3
