// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

// The library as others see it: only its public door.
#include "cad/drawing.hpp"
#include "cad/fonts.hpp"
#include "cad/formats.hpp"
#include "cad/json.hpp"
#include "cad/limits.hpp"
#include "cad/parse.hpp"
#include "cad/parts.hpp"
#include "cad/render.hpp"

namespace cad {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kDrawing =
    "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n9\n$INSUNITS\n70\n4\n0\nENDSEC\n"
    "0\nSECTION\n2\nENTITIES\n"
    "0\nLINE\n5\n2A\n8\nWalls\n10\n1\n20\n2\n11\n4\n21\n6\n"
    "0\nCIRCLE\n5\n2B\n8\n0\n10\n0\n20\n0\n40\n1\n0\nENDSEC\n0\nEOF\n";

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

class Parts : public PartSink {
 public:
  std::map<PartKind, std::string> bytes;
  std::vector<PartKind> order;
  bool refuse_images = false;
  Result<void> write(PartKind kind, std::uint32_t, std::span<const std::byte> piece) override {
    if (refuse_images && kind == PartKind::png) return fail(ErrorCode::io, "full");
    if (order.empty() || order.back() != kind) order.push_back(kind);
    bytes[kind].append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return {};
  }
};

struct Parsed {
  Result<ParseOutcome> outcome;
  Parts parts;
};

Parsed parse(ParseOptions options, std::string_view drawing = kDrawing, Parts parts = {}) {
  const auto fonts = text::FontLibrary::open_system_fonts();
  options.image_px = 64;
  auto outcome = parse_to_parts(bytes_of(drawing), options, *fonts, parts);
  return {std::move(outcome), std::move(parts)};
}

TEST(Parse, PartsComeInTheAgreedOrder) {
  const Parsed p = parse({});
  ASSERT_TRUE(p.outcome) << p.outcome.error().message;
  EXPECT_EQ(p.outcome->version, "AC1015");
  EXPECT_EQ(p.outcome->entities, 2u);
  EXPECT_EQ(p.outcome->sheets, 1u);
  EXPECT_THAT(p.parts.order,
              ElementsAre(PartKind::png, PartKind::scene, PartKind::result, PartKind::blocks,
                          PartKind::slots, PartKind::xdata, PartKind::index, PartKind::summary));
  EXPECT_THAT(p.parts.bytes.at(PartKind::result),
              HasSubstr(R"("bbox":{"minX":1,"minY":2,"maxX":4,"maxY":6},"metrics":{"length":5,)"));
  EXPECT_TRUE(p.parts.bytes.at(PartKind::png).starts_with("\x89PNG"));
}

TEST(Parse, TheFirstSheetThatIsDrawnIsMadeSmall) {
  constexpr std::string_view kOnPaper =
      "0\nSECTION\n2\nENTITIES\n0\nLINE\n8\n0\n67\n1\n10\n0\n20\n0\n11\n100\n21\n50\n"
      "0\nENDSEC\n0\nEOF\n";
  ParseOptions options;
  EXPECT_FALSE(parse(options).parts.bytes.contains(PartKind::thumbnail));
  options.thumbnail_px = 32;
  for (const std::string_view drawing : {kDrawing, kOnPaper}) {
    const Parsed p = parse(options, drawing);
    ASSERT_TRUE(p.outcome);
    ASSERT_TRUE(p.parts.bytes.contains(PartKind::thumbnail));
    EXPECT_TRUE(p.parts.bytes.at(PartKind::thumbnail).starts_with("\x89PNG"));
    EXPECT_EQ(std::ranges::count(p.parts.order, PartKind::thumbnail), 1);
  }
  options.thumbnail_px = 64;
  EXPECT_FALSE(parse(options).parts.bytes.contains(PartKind::thumbnail)) << "it is that small";
  options.thumbnail_px = 32;
  options.png = false;
  EXPECT_FALSE(parse(options).parts.bytes.contains(PartKind::thumbnail));
}

TEST(Parse, WithoutPicturesThereIsOnlyTheDocument) {
  ParseOptions options;
  options.png = options.scene = options.service_parts = false;
  EXPECT_THAT(parse(options).parts.order, ElementsAre(PartKind::result));
}

TEST(Parse, ReproducibleGivesTheSameBytes) {
  ParseOptions options;
  options.reproducible = true;
  EXPECT_EQ(parse(options).parts.bytes, parse(options).parts.bytes);
}

TEST(Parse, ProgressOnlyGrowsAndEndsAtHundred) {
  ParseOptions options;
  std::vector<int> percents;
  std::vector<std::string> phases;
  options.progress = [&](std::string_view phase, int percent) {
    percents.push_back(percent);
    if (phases.empty() || phases.back() != phase) phases.emplace_back(phase);
  };
  parse(options);
  EXPECT_TRUE(std::is_sorted(percents.begin(), percents.end()));
  EXPECT_EQ(percents.back(), 100);
  EXPECT_THAT(phases, ElementsAre("reading", "measuring", "drawing", "writing"));
}

TEST(Parse, LayersAreFoundWhateverTheirCapitals) {
  ParseOptions options;
  options.only_layers = {"WALLS"};
  const Parsed p = parse(options);
  EXPECT_EQ(p.outcome->entities, 1u);
  options.only_layers = {"Doors"};
  EXPECT_EQ(parse(options).outcome.error().code, ErrorCode::invalid_argument);
}

TEST(Parse, AnUnknownSheetIsTheCallersMistake) {
  ParseOptions options;
  options.only_sheet = "layout9";
  const Parsed p = parse(options);
  ASSERT_FALSE(p.outcome);
  EXPECT_EQ(p.outcome.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(p.outcome.error().message, HasSubstr("it has: model"));
  EXPECT_TRUE(p.parts.order.empty());
}

TEST(Parse, WhatIsNoDrawingIsRefusedBeforeAnythingIsWritten) {
  const Parsed p = parse({}, "Dear sir or madam");
  ASSERT_FALSE(p.outcome);
  EXPECT_EQ(p.outcome.error().code, ErrorCode::not_a_drawing);
  EXPECT_TRUE(p.parts.order.empty());
}

TEST(Parse, TheSinksErrorEndsTheWork) {
  Parts parts;
  parts.refuse_images = true;
  const Parsed p = parse({}, kDrawing, std::move(parts));
  ASSERT_FALSE(p.outcome);
  EXPECT_EQ(p.outcome.error().code, ErrorCode::io);
}

TEST(Parse, NothingDrawnMeansNoPicture) {
  const Parsed p = parse({}, "0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n");
  ASSERT_TRUE(p.outcome);
  EXPECT_EQ(p.parts.order.back(), PartKind::summary);
}

}  // namespace
}  // namespace cad
