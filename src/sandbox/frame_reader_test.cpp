// SPDX-License-Identifier: Apache-2.0
#include "sandbox/frame_reader.hpp"

#include <gtest/gtest.h>

#include <map>

#include "sandbox/explain.hpp"
#include "sandbox/plain_text.hpp"

namespace cad::sandbox {
namespace {

struct Collector : PartSink {
  Result<void> write(PartKind kind, std::uint32_t number,
                     std::span<const std::byte> bytes) override {
    parts[{kind, number}].append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  std::map<std::pair<PartKind, std::uint32_t>, std::string> parts;
};

std::string frame(FrameKind kind, std::uint16_t part, std::uint32_t number,
                  std::string_view payload) {
  const FrameHeader header{kFrameMagic, kind, part, number,
                           static_cast<std::uint32_t>(payload.size())};
  return std::string(reinterpret_cast<const char*>(&header), sizeof header) + std::string(payload);
}

std::string done_frame(std::string_view format, std::string_view version) {
  DoneHeader header;
  header.entities = 12;
  header.format_bytes = static_cast<std::uint8_t>(format.size());
  header.version_bytes = static_cast<std::uint8_t>(version.size());
  return frame(FrameKind::done, 0, 0,
               std::string(reinterpret_cast<const char*>(&header), sizeof header) +
                   std::string(format) + std::string(version));
}

std::string whole_stream() {
  return frame(FrameKind::progress, 0, 5, "reading") + frame(FrameKind::part, 1, 0, "{\"a\":") +
         frame(FrameKind::part, 7, 2, "PNG") + frame(FrameKind::part, 9, 0, "small") +
         frame(FrameKind::part, 1, 0, "1}") + done_frame("DXF", "AC1032");
}

TEST(FrameReader, reads_frames_cut_anywhere) {
  const std::string stream = whole_stream();
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    Collector parts;
    FrameReader reader(&parts, nullptr, 1000);
    for (std::size_t at = 0; at < stream.size(); at += step) {
      const auto piece = std::string_view(stream).substr(at, step);
      ASSERT_EQ(reader.feed(std::as_bytes(std::span(piece))), FrameReader::Fault::none) << step;
    }
    EXPECT_TRUE(reader.at_boundary());
    EXPECT_EQ((parts.parts[{PartKind::result, 0}]), "{\"a\":1}");
    EXPECT_EQ((parts.parts[{PartKind::png, 2}]), "PNG");
    EXPECT_EQ((parts.parts[{PartKind::thumbnail, 0}]), "small");
    ASSERT_TRUE(reader.done());
    EXPECT_EQ(reader.done()->format, "DXF");
    EXPECT_EQ(reader.done()->version, "AC1032");
    EXPECT_EQ(reader.done()->entities, 12u);
  }
}

TEST(FrameReader, a_cut_stream_is_not_done) {
  const std::string stream = whole_stream();
  for (std::size_t size = 0; size < stream.size(); ++size) {
    FrameReader reader(nullptr, nullptr, 1000);
    reader.feed(std::as_bytes(std::span(stream).first(size)));
    EXPECT_FALSE(reader.done()) << size;
  }
}

TEST(FrameReader, counts_every_byte_against_the_output_limit) {
  const std::string stream = whole_stream();
  FrameReader enough(nullptr, nullptr, stream.size());
  EXPECT_EQ(enough.feed(std::as_bytes(std::span(stream))), FrameReader::Fault::none);
  FrameReader short_by_one(nullptr, nullptr, stream.size() - 1);
  EXPECT_EQ(short_by_one.feed(std::as_bytes(std::span(stream))),
            FrameReader::Fault::too_much_output);
}

TEST(FrameReader, S18_a_worker_sends_one_thumbnail_and_no_parts_that_there_are_not) {
  for (const std::string& bad :
       {frame(FrameKind::part, 9, 1, "another"), frame(FrameKind::part, 10, 0, "unknown")}) {
    FrameReader reader(nullptr, nullptr, 1000);
    EXPECT_EQ(reader.feed(std::as_bytes(std::span(bad))), FrameReader::Fault::broke_protocol);
  }
}

TEST(FrameReader, a_fault_is_final) {
  FrameReader reader(nullptr, nullptr, 1000);
  const std::string bad = frame(FrameKind::part, 0, 0, "x");
  EXPECT_EQ(reader.feed(std::as_bytes(std::span(bad))), FrameReader::Fault::broke_protocol);
  const std::string good = whole_stream();
  EXPECT_EQ(reader.feed(std::as_bytes(std::span(good))), FrameReader::Fault::broke_protocol);
  EXPECT_FALSE(reader.done());
}

TEST(PlainText, utf8_is_well_formed_or_refused) {
  for (std::string_view good : {"", "plan", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x8f\xa0",
                                "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (std::string_view bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                               "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xff", "a\xe2\x82"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(PlainText, no_control_character_gets_through) {
  EXPECT_EQ(plain_line("a\nb\x1b[31m\x7f\xc3\xa4"), "a b [31m \xc3\xa4");
  EXPECT_EQ(printable_ascii("a\nb\x1b\xff"), "a\nb??");
}

TEST(Explain, sizes_are_given_as_people_say_them) {
  EXPECT_EQ(human_bytes(512ull << 20), "512 MB");
  EXPECT_EQ(human_bytes(2ull << 30), "2 GB");
  EXPECT_EQ(human_bytes(3ull << 29), "1.5 GB");
}

}  // namespace
}  // namespace cad::sandbox
