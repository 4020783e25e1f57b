// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "http/compress.hpp"
#include "http/message.hpp"
#include "http/ranges.hpp"
#include "http/routes.hpp"
#include "http/server/wire.hpp"

namespace cad::http {
namespace {

std::string gunzip(std::string_view packed) {
  z_stream stream{};
  EXPECT_EQ(::inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(1 << 22, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  ::inflateEnd(&stream);
  return out;
}

TEST(Gzip, round_trips_whole_and_streaming) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "{\"x\":" + std::to_string(i * 7919) + "},";
  EXPECT_EQ(gunzip(gzip(text)), text);
  EXPECT_EQ(gunzip(gzip("")), "");
  std::size_t at = 0;
  Stream packed = gzip_stream(
      {[&](std::span<char> into) -> Result<std::size_t> {
         const std::size_t count = std::min({into.size(), text.size() - at, std::size_t{777}});
         std::copy_n(text.begin() + static_cast<long>(at), count, into.begin());
         at += count;
         return count;
       },
       text.size()});
  EXPECT_FALSE(packed.size);
  std::string all, block(100, '\0');
  while (const std::size_t count = packed.read(block).value()) all.append(block, 0, count);
  EXPECT_EQ(gunzip(all), text);
}

TEST(Gzip, an_error_of_the_source_is_passed_on) {
  Stream packed = gzip_stream(
      {[](std::span<char>) -> Result<std::size_t> { return fail(ErrorCode::io, "x"); }, {}});
  std::string block(100, '\0');
  EXPECT_FALSE(packed.read(block));
}

TEST(Ranges, as_the_rfc_says) {
  const auto text = [](std::optional<std::string_view> header, std::uint64_t size) {
    const RangeAnswer answer = choose_range(header, size);
    if (answer.kind == RangeKind::whole) return std::string("whole");
    if (answer.kind == RangeKind::unsatisfiable) return std::string("416");
    return std::to_string(answer.range.first) + "-" + std::to_string(answer.range.last);
  };
  EXPECT_EQ(text(std::nullopt, 10), "whole");
  EXPECT_EQ(text("bytes=0-3", 10), "0-3");
  EXPECT_EQ(text("bytes=4-", 10), "4-9");
  EXPECT_EQ(text("bytes=4-99", 10), "4-9");
  EXPECT_EQ(text("bytes=-3", 10), "7-9");
  EXPECT_EQ(text("bytes=-30", 10), "0-9");
  EXPECT_EQ(text("bytes=10-", 10), "416");
  EXPECT_EQ(text("bytes=-0", 10), "416");
  EXPECT_EQ(text("bytes=0-0", 0), "416");
  for (const char* odd : {"bytes=3-1", "bytes=0-1,3-4", "lines=0-1", "bytes=", "bytes=-",
                          "bytes=a-b", "bytes=1-b", "bytes=99999999999999999999-"})
    EXPECT_EQ(text(odd, 10), "whole") << odd;
}

TEST(Negotiation, gzip_only_when_it_is_welcome) {
  EXPECT_FALSE(accepts_gzip(std::nullopt));
  EXPECT_TRUE(accepts_gzip("gzip"));
  EXPECT_TRUE(accepts_gzip("br, gzip;q=0.5"));
  EXPECT_TRUE(accepts_gzip("*"));
  EXPECT_FALSE(accepts_gzip("gzip;q=0"));
  EXPECT_FALSE(accepts_gzip("*, gzip;q=0.0"));
  EXPECT_FALSE(accepts_gzip("identity"));
  EXPECT_FALSE(accepts_gzip(""));
}

TEST(Negotiation, brotli_only_when_it_is_named) {
  EXPECT_FALSE(accepts_brotli(std::nullopt));
  EXPECT_TRUE(accepts_brotli("gzip, deflate, br, zstd"));
  EXPECT_TRUE(accepts_brotli("br;q=0.1"));
  EXPECT_FALSE(accepts_brotli("br;q=0, gzip"));
  EXPECT_FALSE(accepts_brotli("*"));
  EXPECT_FALSE(accepts_brotli("brotli"));
}

TEST(Negotiation, html_for_whom_takes_it) {
  EXPECT_TRUE(accepts_html(std::nullopt));
  EXPECT_TRUE(accepts_html("*/*"));
  EXPECT_TRUE(accepts_html("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
  EXPECT_TRUE(accepts_html("text/*"));
  EXPECT_FALSE(accepts_html("application/json"));
  EXPECT_FALSE(accepts_html("text/html;q=0, */*"));
  EXPECT_FALSE(accepts_html("*/*, text/*;q=0"));
}

TEST(Validators, tags_match_weakly) {
  EXPECT_TRUE(tag_matches("\"a\", W/\"b\"", "\"b\""));
  EXPECT_TRUE(tag_matches("*", "\"b\""));
  EXPECT_FALSE(tag_matches("\"a\"", "\"b\""));
}

TEST(ContentDisposition, no_name_breaks_out) {
  EXPECT_EQ(content_disposition("inline", "a\"\r\nX: y\xc3\x9f.dxf"),
            "inline; filename=\"a___X_ y__.dxf\"; filename*=UTF-8''a%22%0D%0AX%3A%20y%C3%9F.dxf");
}

TEST(Target, is_split_and_decoded) {
  Request request;
  ASSERT_TRUE(parse_target("/v1/jobs/a%2Fb?layer=A+B&layer=%C3%9F&x&=y&&", request));
  EXPECT_THAT(request.segments, testing::ElementsAre("v1", "jobs", "a/b"));
  EXPECT_THAT(request.query_values("layer"), testing::ElementsAre("A B", "\xc3\x9f"));
  EXPECT_EQ(request.query_value("x"), "");
  EXPECT_FALSE(request.query_value("z"));
  for (const char* bad : {"", "v1", "/%", "/%4", "/%zz", "/a?b=%0a", "/%00", "http://x/"}) {
    Request other;
    EXPECT_FALSE(parse_target(bad, other)) << bad;
  }
}

TEST(Wire, header_values_cannot_add_headers) {
  Response response;
  response.headers.set("X-A", "1\r\nX-B: 2");
  response.body = std::string("hi");
  const std::string head =
      detail::serialize_head(response, detail::framing_of(response, false), true);
  EXPECT_EQ(head.find("\r\nX-B"), std::string::npos);
  EXPECT_NE(head.find("Content-Length: 2\r\n"), std::string::npos);
}

TEST(Wire, unknown_lengths_are_chunked_or_end_with_the_connection) {
  Response response;
  response.body = Stream{[](std::span<char>) -> Result<std::size_t> { return std::size_t{0}; }, {}};
  EXPECT_TRUE(detail::framing_of(response, false).chunked);
  EXPECT_TRUE(detail::framing_of(response, true).until_close);
  EXPECT_EQ(detail::chunk_header(255), "ff\r\n");
}

// A row that does not say who may call does not compile: there is no default access.
static_assert(!std::is_default_constructible_v<Access>);
static_assert(!std::is_default_constructible_v<Route>);

TEST(Routes, match_path_and_method) {
  const auto found = [](std::string_view method, std::vector<std::string> segments) {
    return match(routes(), method, segments);
  };
  const Match result = found("GET", {"v1", "jobs", "job_a", "result"});
  ASSERT_NE(result.route, nullptr);
  EXPECT_EQ(result.route->pattern, "/v1/jobs/{id}/result");
  EXPECT_THAT(result.params, testing::ElementsAre("job_a"));
  EXPECT_EQ(found("GET", {"v1", "auth", "me"}).route->pattern, "/v1/auth/me");
  EXPECT_EQ(found("GET", {"v1", "auth", "google"}).route->pattern, "/v1/auth/{provider}");
  EXPECT_EQ(found("PUT", {"v1", "jobs", "job_a"}).route, nullptr);
  EXPECT_EQ(found("PUT", {"v1", "jobs", "job_a"}).allowed, "GET, HEAD, DELETE");
  EXPECT_EQ(found("GET", {"v1", "jobs", ""}).allowed, "");
  EXPECT_EQ(found("GET", {"v1"}).allowed, "");
  EXPECT_EQ(found("GET", {"health", ""}).allowed, "");
}

TEST(Routes, only_what_needs_no_key_is_open) {
  std::vector<std::string_view> open;
  for (const Route& route : routes())
    if (route.access.is_open()) open.push_back(route.pattern);
  EXPECT_THAT(open,
              testing::UnorderedElementsAre(
                  "/v1/auth/options", "/v1/auth/one-time", "/v1/auth/register",
                  "/v1/auth/verify-email", "/v1/auth/login", "/v1/auth/refresh",
                  "/v1/auth/forgot-password", "/v1/auth/reset-password", "/v1/auth/confirm-email",
                  "/v1/auth/{provider}", "/v1/auth/{provider}/callback",
                  "/v1/auth/{provider}/exchange", "/v1/pricing", "/v1/contact", "/v1/waitlist",
                  "/.well-known/jwks.json", "/v1/formats", "/v1/previews/{id}/{file}",
                  "/.well-known/security.txt", "/live", "/health", "/ready", "/openapi.json"));
}

}  // namespace
}  // namespace cad::http
