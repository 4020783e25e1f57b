// SPDX-License-Identifier: Apache-2.0
#include "http/multipart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cad::http {
namespace {

using namespace std::string_literals;

// Writes down what comes, one line a part.
struct Recorder : PartReceiver {
  Result<void> begin(const PartHeader& part) override {
    log += "[" + part.name + (part.has_file_name ? "|" + part.file_name : "") + "] ";
    return {};
  }
  Result<void> data(std::span<const std::byte> bytes) override {
    largest = std::max(largest, bytes.size());
    log.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  Result<void> end() override {
    log += "\n";
    return {};
  }
  std::string log;
  std::size_t largest = 0;
};

struct Outcome {
  bool ok = false;
  std::string log, error;
};

Outcome parse(std::string_view body, std::size_t step, MultipartLimits limits = {}) {
  MultipartParser parser("XyZ", limits);
  Recorder recorder;
  Result<void> done;
  for (std::size_t at = 0; done && at < body.size(); at += step) {
    const auto piece = body.substr(at, step);
    done = parser.feed(std::as_bytes(std::span(piece.data(), piece.size())), recorder);
  }
  if (done) done = parser.finish();
  return {done.has_value(), recorder.log, done ? "" : done.error().message};
}

const std::string kBody =
    "--XyZ\r\n"
    "Content-Disposition: form-data; name=\"mode\"\r\n\r\nsync\r\n"
    "--XyZ\r\n"
    "Content-Type: application/octet-stream\r\n"
    "content-disposition: form-data; name=\"file\"; filename=\"a.dxf\"\r\n\r\n"
    "0\r\nSECTION\r\n--Xy\r\n\r\n--XyW--\r\n-\r\n"
    "--XyZ  \r\n"
    "Content-Disposition: form-data; name=empty\r\n\r\n\r\n"
    "--XyZ--\r\n";
const std::string kLog =
    "[mode] sync\n[file|a.dxf] 0\r\nSECTION\r\n--Xy\r\n\r\n--XyW--\r\n-\n[empty] \n";

TEST(Multipart, gives_the_same_parts_however_the_bytes_are_cut) {
  for (std::size_t step = 1; step <= kBody.size(); ++step) {
    const Outcome got = parse(kBody, step);
    ASSERT_TRUE(got.ok) << step << ": " << got.error;
    ASSERT_EQ(got.log, kLog) << step;
  }
}

TEST(Multipart, cut_in_two_at_every_byte) {
  for (std::size_t at = 0; at <= kBody.size(); ++at) {
    MultipartParser parser("XyZ");
    Recorder recorder;
    for (const std::string& piece : {kBody.substr(0, at), kBody.substr(at)})
      ASSERT_TRUE(parser.feed(std::as_bytes(std::span(piece)), recorder)) << at;
    ASSERT_TRUE(parser.finish()) << at;
    ASSERT_EQ(recorder.log, kLog) << at;
  }
}

TEST(Multipart, every_truncation_is_noticed) {
  const std::size_t complete = kBody.size() - 2;  // the last line end is not needed
  for (std::size_t length = 0; length < complete; ++length)
    EXPECT_FALSE(parse(std::string_view(kBody).substr(0, length), 7).ok) << length;
  EXPECT_TRUE(parse(std::string_view(kBody).substr(0, complete), 7).ok);
}

TEST(Multipart, data_is_passed_on_and_not_collected) {
  std::string body = "--XyZ\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";
  body += std::string(1 << 20, '\r') + "\r\n--XyZ--";
  MultipartParser parser("XyZ");
  Recorder recorder;
  for (std::size_t at = 0; at < body.size(); at += 4096) {
    const std::string piece = body.substr(at, 4096);
    ASSERT_TRUE(parser.feed(std::as_bytes(std::span(piece)), recorder));
  }
  EXPECT_TRUE(parser.finish());
  EXPECT_LE(recorder.largest, 4096u + 16u);
  EXPECT_EQ(recorder.log.size(), std::string("[file] ").size() + (1 << 20) + 1);
}

TEST(Multipart, hostile_bodies_are_refused) {
  const std::string header = "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
  const std::string cases[] = {
      "",
      "no boundary at all",
      std::string(10'000, 'x') + "\r\n--XyZ--",
      "--XyZ",
      "--XyZfoo\r\n",
      "--XyZ\r\n\r\nno header\r\n--XyZ--",
      "--XyZ\r\nContent-Type: text/plain\r\n\r\nx\r\n--XyZ--",
      "--XyZ\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--XyZ--",
      "--XyZ\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XyZ--",
      "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; "
      "name=\"b\"\r\n\r\nx\r\n--XyZ--",
      "--XyZ\r\nno colon\r\n\r\nx\r\n--XyZ--",
      "--XyZ\r\nX: " + std::string(9'000, 'x') + "\r\n\r\nx\r\n--XyZ--",
      "--XyZ\r\nX: " + std::string(100'000, 'x'),
      "--XyZ" + std::string(5'000, ' '),
      header + "x\r\n--XyZ--" + std::string(5'000, 'x'),
      header + "x\r\n--XyZ\n",
  };
  for (const std::string& body : cases)
    for (const std::size_t step : {std::size_t{1}, std::size_t{3}, body.size() + 1}) {
      const Outcome got = parse(body, step);
      EXPECT_FALSE(got.ok) << body.substr(0, 80) << " step " << step;
      EXPECT_THAT(got.error, testing::HasSubstr("multipart"));
    }
}

TEST(Multipart, too_many_parts_are_refused) {
  std::string body;
  for (int i = 0; i < 33; ++i)
    body += "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n";
  EXPECT_FALSE(parse(body + "--XyZ--", 100).ok);
  EXPECT_TRUE(parse(body + "--XyZ--", 100, {.max_parts = 33}).ok);
}

TEST(Multipart, a_receiver_stops_the_parser_with_its_own_error) {
  struct Refuser : Recorder {
    Result<void> data(std::span<const std::byte>) override {
      return fail(ErrorCode::unsupported_format, "no");
    }
  } refuser;
  MultipartParser parser("XyZ");
  const auto done = parser.feed(std::as_bytes(std::span(kBody)), refuser);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::unsupported_format);
}

TEST(Multipart, file_names_are_decoded) {
  const auto name = [](const std::string& disposition) {
    return parse("--XyZ\r\nContent-Disposition: form-data; name=\"file\"; " + disposition +
                     "\r\n\r\n\r\n--XyZ--",
                 1000)
        .log;
  };
  EXPECT_EQ(name("filename=\"a b.dxf\""), "[file|a b.dxf] \n");
  EXPECT_EQ(name("filename=\"a \\\"q\\\".dxf\""), "[file|a \"q\".dxf] \n");
  EXPECT_EQ(name("filename=\"C:\\plans\\a.dxf\""), "[file|C:\\plans\\a.dxf] \n");
  EXPECT_EQ(name("filename=a.dxf"), "[file|a.dxf] \n");
  EXPECT_EQ(name("filename=\"x; name=y\""), "[file|x; name=y] \n");
  EXPECT_EQ(name("filename=\"x\"; filename*=UTF-8''Stra%C3%9Fe.dxf"),
            "[file|Stra\xc3\x9f"
            "e.dxf] \n");
  EXPECT_EQ(name("filename=\"x\"; filename*=latin1''%ff"), "[file|x] \n");
  EXPECT_EQ(name("filename=\"\""), "[file|] \n");
  EXPECT_EQ(name("filename*=UTF-8''%2e%2e%2fa%00b.dxf"), "[file|../a\0b.dxf] \n"s);
  EXPECT_EQ(name("filename*0*=utf-8'en'Stra%C3%9F; filename*1=\"e 1\"; filename*2*=%2Edxf"),
            "[file|Stra\xc3\x9f"
            "e 1.dxf] \n");
  EXPECT_EQ(name("filename*1=b; filename*0=a"), "[file|ab] \n");
  EXPECT_EQ(name("filename*0*=latin1''%ff"), "[file] \n");
  EXPECT_EQ(name("filename*0*=utf-8''%f"), "[file] \n");
}

TEST(Multipart, boundaries_are_read_from_the_content_type) {
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=abc").value(), "abc");
  EXPECT_EQ(boundary_of("Multipart/Form-Data; charset=x; BOUNDARY=\"a b'()+_,-./:=?\"").value(),
            "a b'()+_,-./:=?");
  for (const char* wrong :
       {"", "application/json", "multipart/mixed; boundary=a", "multipart/form-data",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a \"",
        "multipart/form-data; boundary=\"a\r\nb\"", "multipart/form-data; boundary=a*b"})
    EXPECT_FALSE(boundary_of(wrong)) << wrong;
  EXPECT_FALSE(boundary_of("multipart/form-data; boundary=" + std::string(71, 'a')));
}

}  // namespace
}  // namespace cad::http
