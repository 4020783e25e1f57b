// SPDX-License-Identifier: Apache-2.0
#include "http/transport/head.hpp"

#include <gtest/gtest.h>

#include "http/transport/body_decoder.hpp"

namespace cad::http {
namespace {

// As a session does, in steps of this size.
Result<RequestHead> read(std::string_view text, std::size_t step = 1,
                         std::size_t most = 16 * 1024) {
  HeadScanner scanner(most);
  for (std::size_t size = std::min(step, text.size());; size = std::min(size + step, text.size())) {
    CAD_ASSIGN(const auto end, scanner.scan(text.substr(0, size)));
    if (end) return parse_head(text.substr(0, *end));
    if (size == text.size()) return fail(ErrorCode::io, "incomplete");
  }
}

std::optional<ErrorCode> fault_of(std::string_view text) {
  const auto whole = read(text, text.size()), bytewise = read(text, 1);
  EXPECT_EQ(whole.has_value(), bytewise.has_value()) << text;
  if (whole) return std::nullopt;
  EXPECT_EQ(whole.error().code, bytewise.error().code) << text;
  return whole.error().code;
}

TEST(Head, is_read) {
  const auto head =
      read("\r\nPOST /v1/parse?a=b HTTP/1.1\r\nHost: x:1\r\nA:  b c \t\r\nB:\r\n\r\nrest");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->method, "POST");
  EXPECT_EQ(head->target, "/v1/parse?a=b");
  EXPECT_EQ(head->headers.find("a"), "b c");
  EXPECT_EQ(head->headers.find("B"), "");
  EXPECT_TRUE(head->keep_alive);
  EXPECT_FALSE(head->chunked);
  EXPECT_FALSE(head->length);
}

TEST(Head, connection_and_version) {
  EXPECT_FALSE(read("GET / HTTP/1.0\r\n\r\n")->keep_alive);
  EXPECT_TRUE(read("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")->keep_alive);
  EXPECT_FALSE(read("GET / HTTP/1.1\r\nHost: x\r\nConnection: te, CLOSE\r\n\r\n")->keep_alive);
  EXPECT_TRUE(read("GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\n\r\n")->expect_continue);
  EXPECT_FALSE(read("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n")->expect_continue);
}

TEST(Head, S07_what_two_programs_could_read_in_two_ways_is_refused) {
  const std::string start = "POST / HTTP/1.1\r\nHost: x\r\n";
  for (const char* fields : {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                             "Content-Length: 5\r\nContent-Length: 5\r\n",
                             "Content-Length: 5, 5\r\n",
                             "Content-Length: +5\r\n",
                             "Content-Length: -1\r\n",
                             "Content-Length: 0x5\r\n",
                             "Content-Length: 5 5\r\n",
                             "Content-Length:\r\n",
                             "Content-Length: 5.0\r\n",
                             "Content-Length: 99999999999999999999\r\n",
                             "Transfer-Encoding: gzip\r\n",
                             "Transfer-Encoding: gzip, chunked\r\n",
                             "Transfer-Encoding: chunked, identity\r\n",
                             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: x\r\n",
                             "Transfer-Encoding: \"chunked\"\r\n",
                             "Transfer-Encoding:\r\n",
                             "Transfer-Encoding:\vchunked\r\n",
                             "Content-Length : 5\r\n",
                             "Transfer-Encoding : chunked\r\n",
                             " Content-Length: 5\r\n",
                             "A: b\r\n c: d\r\n",
                             "A: b\r\n\tc\r\n",
                             "A: b\nC: d\r\n",
                             "A: b\rC\r\n",
                             "A: b\r\rC\r\n",
                             "A\r\n",
                             ": b\r\n",
                             "A B: c\r\n",

                             "A: \x01\r\n",
                             "A: \x7f\r\n",
                             "Host: y\r\n",
                             "Host: x\r\n",
                             "Authorization: a\r\nauthorization: b\r\n",
                             "(A): b\r\n"})
    EXPECT_EQ(fault_of(start + fields + "\r\n"), ErrorCode::invalid_argument) << fields;
  const std::string nul = start + "A: b" + '\0' + "c\r\n\r\n";
  EXPECT_EQ(fault_of(nul), ErrorCode::invalid_argument);
}

TEST(Head, request_lines_that_are_none_are_refused) {
  for (const char* line :
       {"GET / HTTP/1.1\n", "GET  / HTTP/1.1\r\n", "GET /  HTTP/1.1\r\n", "GET / HTTP/1.1 \r\n",
        " GET / HTTP/1.1\r\n", "GET /\r\n", "GET\r\n", "/ HTTP/1.1\r\n", "GET / HTTP/2.0\r\n",
        "GET / HTTP/1.2\r\n", "GET / http/1.1\r\n", "G(T / HTTP/1.1\r\n", "GET /a b HTTP/1.1\r\n",
        "GET /#a HTTP/1.1\r\n", "\r\n\r\nGET / HTTP/1.1\r\n", "GET /\t HTTP/1.1\r\n",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1\r\n"})
    EXPECT_EQ(fault_of(std::string(line) + "Host: x\r\n\r\n"), ErrorCode::invalid_argument) << line;
  EXPECT_EQ(fault_of("GET / HTTP/1.1\r\n\r\n"), ErrorCode::invalid_argument) << "no Host";
  EXPECT_EQ(fault_of("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), ErrorCode::invalid_argument);
  EXPECT_EQ(fault_of("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"), ErrorCode::invalid_argument);
  EXPECT_EQ(fault_of("GET / HTTP/1.0\r\n\r\n"), std::nullopt);
}

TEST(Head, S07_giant_heads_are_refused) {
  const std::string start = "GET / HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(fault_of(start + "A: " + std::string(17'000, 'b') + "\r\n\r\n"),
            ErrorCode::limit_exceeded);
  EXPECT_EQ(fault_of(start + std::string(17'000, 'b')), ErrorCode::limit_exceeded);
  std::string many = start;
  for (int i = 0; i < 100; ++i) many += "A: b\r\n";
  EXPECT_EQ(fault_of(many + "\r\n"), ErrorCode::limit_exceeded);
}

struct Decoded {
  std::string body, rest;
  bool done = false;
};

Result<Decoded> decode(const RequestHead& head, std::string_view in, std::size_t step,
                       std::size_t room) {
  BodyDecoder decoder(head);
  Decoded out;
  std::vector<std::byte> block(room);
  while (!in.empty() && !decoder.done()) {
    CAD_ASSIGN(const auto taken, decoder.decode(in.substr(0, step), block));
    out.body.append(reinterpret_cast<const char*>(block.data()), taken.made);
    in.remove_prefix(taken.used);
  }
  out.rest = in;
  out.done = decoder.done();
  return out;
}

TEST(Body, by_length_ends_where_it_says) {
  RequestHead head;
  head.length = 5;
  for (const std::size_t step : {1u, 3u, 100u}) {
    const auto out = decode(head, "helloGET /", step, 4);
    ASSERT_TRUE(out);
    EXPECT_EQ(out->body, "hello");
    EXPECT_EQ(out->rest, "GET /");
    EXPECT_TRUE(out->done);
  }
  EXPECT_TRUE(BodyDecoder(RequestHead{}).done());
  head.length = 0;
  EXPECT_TRUE(BodyDecoder(head).done());
}

TEST(Body, chunked_is_decoded_however_it_is_cut) {
  RequestHead head;
  head.chunked = true;
  const std::string_view body =
      "5\r\nhello\r\n00A;a=b;c=\"d\"\r\n, \r\nworld!\r\n0\r\nTrailer: x\r\n\r\nGET /";
  for (const std::size_t step : {1u, 2u, 7u, 1000u})
    for (const std::size_t room : {1u, 3u, 1000u}) {
      const auto out = decode(head, body, step, room);
      ASSERT_TRUE(out);
      EXPECT_EQ(out->body, "hello, \r\nworld!");
      EXPECT_EQ(out->rest, "GET /");
      EXPECT_TRUE(out->done);
    }
}

TEST(Body, S07_malformed_chunks_are_refused) {
  RequestHead head;
  head.chunked = true;
  for (const char* bad : {"x\r\n",
                          "\r\n",
                          "5\nhello",
                          " 5\r\nhello\r\n",
                          "5 \r\nhello\r\n",
                          "-5\r\n",
                          "0x5\r\n",
                          "5\r\nhelloX\r\n",
                          "5\r\nhello\n",
                          "5\r\nhello0\r\n",
                          "5\rX",
                          "1000000000000000\r\n",
                          "0000000000000001\r\n",
                          "5;a\nb\r\nhello\r\n",
                          "5;\x01\r\n",
                          "0\r\nA: \x01\r\n\r\n",
                          "0\r\nA: b\n\r\n",
                          "0\r\nA: b\r\r\n",
                          "g\r\n",
                          "5;a\r \r\n"})
    EXPECT_FALSE(decode(head, bad, 1, 100)) << bad;
}

TEST(Body, S07_floods_of_chunk_extensions_and_trailers_are_refused) {
  RequestHead head;
  head.chunked = true;
  const auto fault = [&](const std::string& body) {
    const auto out = decode(head, body, 1000, 1000);
    return out ? std::optional<ErrorCode>() : out.error().code;
  };
  EXPECT_EQ(fault("5;" + std::string(300, 'a') + "\r\nhello\r\n"), ErrorCode::limit_exceeded);
  std::string many;
  for (int i = 0; i < 100; ++i) many += "1;" + std::string(200, 'a') + "\r\nx\r\n";
  EXPECT_EQ(fault(many), ErrorCode::limit_exceeded);
  EXPECT_EQ(fault("0\r\n" + std::string(9'000, 'a') + "\r\n\r\n"), ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace cad::http
