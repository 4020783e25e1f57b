// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "render/test_support.hpp"

namespace cad {
// For gtest's messages.
static void PrintTo(const Rgb& c, std::ostream* out) {
  *out << "rgb(" << int{c.r} << "," << int{c.g} << "," << int{c.b} << ")";
}
}  // namespace cad

namespace cad::render {
namespace {

constexpr Rgb kWhite{255, 255, 255}, kBlack{0, 0, 0}, kRed{255, 0, 0}, kBlue{0, 0, 255};
constexpr scene::Rgba kInkBlack{0, 0, 0, 255}, kInkRed{255, 0, 0, 255}, kInkBlue{0, 0, 255, 255};

// 100 x 100 px without margin: one unit = one pixel, y up.
std::unique_ptr<PngSink> sink_of(Box2 view = {0, 0, 100, 100}, std::uint32_t longer = 100,
                                 double mm_per_unit = 0) {
  PngOptions options;
  options.longer_side_px = longer;
  options.margin = 0;
  options.mm_per_unit = mm_per_unit;
  return std::move(*PngSink::create(view, options, {}));
}

void fill(PngSink& sink, const Path& path, scene::Rgba color,
          scene::FillRule rule = scene::FillRule::non_zero) {
  sink.fill(path, rule, {color, nullptr});
}

int darkness(Rgb c) { return 255 * 3 - c.r - c.g - c.b; }

TEST(Png, FilledSquareCoversItsPixelsAndNoOthers) {
  const auto sink = sink_of();
  fill(*sink, rectangle(10, 20, 30, 40), kInkRed);
  const Picture picture = picture_of(*sink);
  ASSERT_EQ(picture.width, 100u);
  ASSERT_EQ(picture.height, 100u);
  for (std::uint32_t y = 0; y < 100; ++y)
    for (std::uint32_t x = 0; x < 100; ++x) {
      const bool inside = x >= 10 && x < 30 && y >= 60 && y < 80;
      ASSERT_EQ(picture.at(x, y), inside ? kRed : kWhite) << x << " " << y;
    }
}

TEST(Png, EvenOddLeavesTheHoleAndNonZeroFillsIt) {
  Path path = rectangle(10, 10, 90, 90);
  const Path inner = rectangle(40, 40, 60, 60);
  path.verbs.insert(path.verbs.end(), inner.verbs.begin(), inner.verbs.end());
  path.points.insert(path.points.end(), inner.points.begin(), inner.points.end());
  const auto with_hole = sink_of(), without = sink_of();
  fill(*with_hole, path, kInkBlue, scene::FillRule::even_odd);
  fill(*without, path, kInkBlue, scene::FillRule::non_zero);
  EXPECT_EQ(picture_of(*with_hole).at(50, 50), kWhite);
  EXPECT_EQ(picture_of(*with_hole).at(20, 50), kBlue);
  EXPECT_EQ(picture_of(*without).at(50, 50), kBlue);
}

TEST(Png, LineParallelToAnAxisIsOneCrispPixelWideWhereverItLies) {
  for (const double y : {50.0, 50.25, 50.5, 50.999}) {
    const auto sink = sink_of();
    sink->stroke(line({10, y}, {90, y}), {kInkRed, 0, 0});
    const Picture picture = picture_of(*sink);
    int rows = 0;
    for (std::uint32_t row = 0; row < 100; ++row) {
      if (picture.at(50, row) == kWhite) continue;
      ++rows;
      EXPECT_EQ(picture.at(50, row), kRed);
    }
    EXPECT_EQ(rows, 1) << y;
    EXPECT_EQ(picture.at(5, 49), kWhite);
    EXPECT_EQ(picture.at(95, 49), kWhite);
  }
}

TEST(Png, SlopedLineIsDarkEnoughInEveryColumn) {
  const auto sink = sink_of();
  sink->stroke(line({5, 10}, {95, 47}), {kInkBlack, 0, 0});
  const Picture picture = picture_of(*sink);
  for (std::uint32_t x = 6; x < 95; ++x) {
    int column = 0;
    for (std::uint32_t y = 0; y < 100; ++y) column += darkness(picture.at(x, y));
    EXPECT_GE(column, 255 * 3 * 9 / 10) << x;
    EXPECT_LE(column, 255 * 3 * 3 / 2) << x;
  }
}

TEST(Png, PolylineHasNoGapsAtItsCorners) {
  const auto sink = sink_of();
  sink->stroke(rectangle(20, 20, 80, 80), {kInkBlack, 0, 0});
  const Picture picture = picture_of(*sink);
  for (const auto& [x, y] : {std::pair{20u, 20u}, {80u, 20u}, {20u, 80u}, {80u, 80u}}) {
    // y = 80 lies on row 20, y = 20 on row 80.
    EXPECT_EQ(picture.at(x, y), kBlack) << x << " " << y;
  }
}

TEST(Png, CircleIsClosedAndOnePixelWide) {
  const auto sink = sink_of();
  sink->stroke(circle({50, 50}, 30), {kInkBlack, 0, 0});
  const Picture picture = picture_of(*sink);
  for (int degree = 0; degree < 360; ++degree) {
    const double angle = degree * 3.14159265358979 / 180;
    int darkest = 0;
    for (double r = 29; r <= 31; r += 0.25)
      darkest = std::max(
          darkest, darkness(picture.at(static_cast<std::uint32_t>(50 + r * std::cos(angle)),
                                       static_cast<std::uint32_t>(50 - r * std::sin(angle)))));
    EXPECT_GT(darkest, 255) << degree;
  }
  EXPECT_EQ(picture.at(50, 50), kWhite);
  EXPECT_EQ(picture.at(50, 24), kWhite);
}

TEST(Png, TinyThingsLeaveADot) {
  const auto sink = sink_of({0, 0, 1e6, 1e6}, 100);
  sink->stroke(circle({505000, 505000}, 10), {kInkBlack, 0, 0});
  fill(*sink, rectangle(205000, 205000, 205010, 205010), kInkBlack);
  const Picture picture = picture_of(*sink);
  EXPECT_GT(darkness(picture.at(50, 49)), 200);
  EXPECT_GT(darkness(picture.at(20, 79)), 100);
}

TEST(Png, LineweightsFollowThePaperScale) {
  // 1 px = 1 unit = 1 mm: a pen of 10 mm covers 10 px.
  const auto paper = sink_of({0, 0, 1000, 1000}, 1000, 1);
  paper->stroke(line({100, 500}, {900, 500}), {kInkBlack, 10, 0});
  const Picture at_scale = picture_of(*paper);
  EXPECT_EQ(at_scale.at(500, 496), kBlack);
  EXPECT_EQ(at_scale.at(500, 503), kBlack);
  EXPECT_EQ(at_scale.at(500, 493), kWhite);
  EXPECT_EQ(at_scale.at(500, 506), kWhite);

  // Model space: 420 mm on the longer side, so 2 mm are about 5 px of 1000.
  const auto model = sink_of({0, 0, 1000, 1000}, 1000);
  model->stroke(line({100, 500}, {900, 500}), {kInkBlack, 2, 0});
  const Picture assumed = picture_of(*model);
  EXPECT_EQ(assumed.at(500, 498), kBlack);
  EXPECT_EQ(assumed.at(500, 495), kWhite);
}

TEST(Png, WidthInUnitsScalesWithTheDrawingAndEndsAtThePoints) {
  const auto sink = sink_of();
  sink->stroke(line({20, 50}, {80, 50}), {kInkBlack, 0, 20});
  const Picture picture = picture_of(*sink);
  EXPECT_EQ(picture.at(50, 41), kBlack);
  EXPECT_EQ(picture.at(50, 58), kBlack);
  EXPECT_EQ(picture.at(50, 39), kWhite);
  EXPECT_EQ(picture.at(50, 60), kWhite);
  EXPECT_EQ(picture.at(19, 50), kWhite);
  EXPECT_EQ(picture.at(80, 50), kWhite);
}

TEST(Png, ClipsNestAndEnd) {
  const auto sink = sink_of();
  sink->push_clip(rectangle(20, 20, 80, 80));
  Path triangle;  // not a rectangle: clipped by a mask
  triangle.move_to({0, 0});
  triangle.line_to({100, 0});
  triangle.line_to({0, 100});
  triangle.close();
  sink->push_clip(triangle);
  fill(*sink, rectangle(0, 0, 100, 100), kInkRed);
  sink->pop_clip();
  sink->stroke(line({0, 75}, {100, 75}), {kInkBlue, 0, 0});
  sink->pop_clip();
  sink->stroke(line({0, 5}, {100, 5}), {kInkBlack, 0, 0});
  const Picture picture = picture_of(*sink);
  EXPECT_EQ(picture.at(25, 70), kRed);    // in both clips
  EXPECT_EQ(picture.at(70, 30), kWhite);  // in the rectangle only
  EXPECT_EQ(picture.at(10, 85), kWhite);  // in the triangle only
  EXPECT_EQ(picture.at(75, 25), kBlue);   // the rectangle still holds, the triangle does not
  EXPECT_EQ(picture.at(10, 25), kWhite);
  EXPECT_EQ(picture.at(10, 95), kBlack);  // nothing holds
}

TEST(Png, EmptyClipHidesEverything) {
  const auto sink = sink_of();
  sink->push_clip({});
  fill(*sink, rectangle(0, 0, 100, 100), kInkRed);
  sink->pop_clip();
  sink->pop_clip();  // one too many is no harm
  EXPECT_EQ(picture_of(*sink).at(50, 50), kWhite);
}

TEST(Png, GradientsReachTheirEndColors) {
  scene::Gradient gradient;
  gradient.from = {0, 0};
  gradient.to = {100, 0};
  gradient.stops = {{0, kInkRed}, {1, kInkBlue}};
  const auto linear = sink_of();
  linear->fill(rectangle(0, 0, 100, 100), scene::FillRule::non_zero, {kInkBlack, &gradient});
  const Picture along = picture_of(*linear);
  EXPECT_NEAR(along.at(0, 50).r, 255, 2);
  EXPECT_NEAR(along.at(99, 50).b, 255, 2);
  EXPECT_NEAR(along.at(50, 10).r, 127, 4);
  EXPECT_EQ(along.at(50, 10), along.at(50, 90));

  gradient.radial = true;
  gradient.from = {50, 50};
  const auto round = sink_of();
  round->fill(rectangle(0, 0, 100, 100), scene::FillRule::non_zero, {kInkBlack, &gradient});
  const Picture about = picture_of(*round);
  EXPECT_GT(about.at(50, 50).r, 245);
  EXPECT_GT(about.at(0, 0).b, 245);
  EXPECT_NEAR(about.at(75, 50).r, about.at(50, 75).r, 3);
}

TEST(Png, TransparentInkMixes) {
  const auto sink = sink_of();
  fill(*sink, rectangle(0, 0, 100, 100), {0, 0, 0, 128});
  EXPECT_NEAR(picture_of(*sink).at(50, 50).r, 127, 1);
}

void draw_scattered(PngSink& sink, Vec2 shift) {
  const auto at = [&](double x, double y) { return Vec2{x, y} + shift; };
  sink.stroke(line(at(1.5, 2.25), at(97.75, 60.5)), {kInkBlack, 0, 0});
  sink.stroke(circle(at(40, 40), 25.5), {kInkRed, 0, 0});
  sink.stroke(line(at(10, 80), at(90, 85)), {kInkBlue, 0, 4});
  fill(sink, rectangle(shift.x + 60, shift.y + 60, shift.x + 70.5, shift.y + 72.25), kInkBlue);
  static const FakeFace face;
  scene::GlyphRun run;
  run.face = &face;
  run.to_sheet = {8, 0, 0, 8, 20 + shift.x, 20 + shift.y};
  run.glyphs = {{2, {0, 0}}, {1, {1.25, 0}}};
  sink.glyphs(run);
}

TEST(Png, ADrawingFarFromTheOriginLooksTheSame) {
  const auto near = sink_of();
  draw_scattered(*near, {});
  for (const Vec2 shift : {Vec2{1e9, 1e9}, Vec2{-1e9, 4e6}}) {
    const auto far = sink_of({shift.x, shift.y, shift.x + 100, shift.y + 100});
    draw_scattered(*far, shift);
    EXPECT_EQ(*near->encode(), *far->encode());
  }
}

TEST(Png, SmallGlyphsAreFilledWhereTheyStand) {
  static const FakeFace face;
  const auto sink = sink_of();
  scene::GlyphRun run;
  run.face = &face;
  run.color = kInkRed;
  run.to_sheet = {20, 0, 0, 20, 10, 40};  // em of 20 px, baseline at y = 40
  run.glyphs = {{1, {0, 0}}, {0, {1.25, 0}}, {2, {2.5, 0}}};
  sink->glyphs(run);
  const Picture picture = picture_of(*sink);
  EXPECT_EQ(picture.at(10, 59), kRed);
  EXPECT_EQ(picture.at(29, 40), kRed);
  EXPECT_EQ(picture.at(30, 50), kWhite);
  EXPECT_EQ(picture.at(20, 39), kWhite);
  EXPECT_EQ(picture.at(45, 50), kWhite);  // the blank
  EXPECT_EQ(picture.at(62, 42), kRed);    // the ring
  EXPECT_EQ(picture.at(70, 50), kWhite);  // its hole
}

TEST(Png, LargeGlyphsKeepTheirHoles) {
  static const FakeFace face;
  const auto sink = sink_of();
  scene::GlyphRun run;
  run.face = &face;
  run.to_sheet = {80, 0, 0, 80, 10, 10};
  run.glyphs = {{2, {0, 0}}};
  sink->glyphs(run);
  const Picture picture = picture_of(*sink);
  EXPECT_EQ(picture.at(20, 50), kBlack);
  EXPECT_EQ(picture.at(50, 50), kWhite);
}

TEST(Png, UnreadablySmallTextIsAFaintBarPerWord) {
  static const FakeFace face;
  const auto sink = sink_of();
  scene::GlyphRun run;
  run.face = &face;
  run.to_sheet = {1, 0, 0, 1, 10, 50};
  for (int i = 0; i < 40; ++i) run.glyphs.push_back({i == 20 ? 0u : 1u, {i * 1.25, 0}});
  sink->glyphs(run);
  const Picture picture = picture_of(*sink);
  EXPECT_GT(darkness(picture.at(20, 49)), 200);
  EXPECT_LT(darkness(picture.at(20, 49)), 600);
  EXPECT_EQ(picture.at(35, 49), kWhite);  // the gap between the words
  EXPECT_GT(darkness(picture.at(50, 49)), 200);
}

TEST(Png, ImageFrameShowsItsCrossAndCaption) {
  const auto sink = sink_of({0, 0, 300, 300}, 300), unnamed = sink_of({0, 0, 300, 300}, 300);
  sink->image({{20, 20}, {260, 0}, {0, 200}, "C:\\plans\\site.png"});
  unnamed->image({{20, 20}, {260, 0}, {0, 200}, ""});
  const Picture picture = picture_of(*sink);
  EXPECT_GT(darkness(picture.at(20, 150)), 200);  // frame
  EXPECT_GT(darkness(picture.at(85, 230)), 30);   // diagonal
  EXPECT_NE(picture.rgb, picture_of(*unnamed).rgb);
}

TEST(Png, AbsurdCoordinatesAreCutNotBelieved) {
  const auto sink = sink_of();
  sink->stroke(line({-1e15, 50.5}, {1e15, 50.5}), {kInkBlack, 0, 0});
  sink->stroke(line({-1e15, 20.5}, {1e15, 20.5}), {kInkBlack, 0, 6});
  sink->stroke(circle({0, -1e12}, 1e12 + 80), {kInkRed, 0, 0});
  fill(*sink, rectangle(-1e15, -1e15, 1e15, 10), kInkBlue);
  const Picture picture = picture_of(*sink);
  EXPECT_EQ(picture.at(5, 49), kBlack);
  EXPECT_EQ(picture.at(95, 49), kBlack);
  EXPECT_EQ(picture.at(50, 81), kBlack);
  EXPECT_NE(picture.at(50, 19), kWhite);
  EXPECT_EQ(picture.at(50, 95), kBlue);
  EXPECT_EQ(picture.at(50, 88), kWhite);
}

TEST(Png, FewColorsGiveAPaletteAndPicturesRgb) {
  const auto lines = sink_of();
  draw_scattered(*lines, {});
  EXPECT_TRUE(picture_of(*lines).indexed);

  // 100 x 100 squares, each with a color of its own.
  const auto colorful = sink_of();
  for (int y = 0; y < 100; ++y)
    for (int x = 0; x < 100; ++x)
      fill(*colorful, rectangle(x, y, x + 1, y + 1),
           {static_cast<std::uint8_t>(x * 2), static_cast<std::uint8_t>(y * 2),
            static_cast<std::uint8_t>((x * 7 + y * 13) % 256), 255});
  const Picture picture = picture_of(*colorful);
  EXPECT_FALSE(picture.indexed);
  EXPECT_EQ(picture.at(3, 99 - 5), (Rgb{6, 10, 3 * 7 + 5 * 13}));
}

TEST(Png, ManyAntialiasedColorsMergeUnseenAndPureColorsStay) {
  const auto sink = sink_of({0, 0, 400, 400}, 400);
  std::vector<scene::Rgba> pens;
  for (int i = 0; i < 12; ++i)
    pens.push_back({static_cast<std::uint8_t>(i * 20), static_cast<std::uint8_t>(i % 3 * 100),
                    static_cast<std::uint8_t>(255 - i * 20), 255});
  for (int i = 0; i < 12; ++i) {
    sink->stroke(circle({200.0 + i, 200.0 - i}, 20 + 12 * i), {pens[i], 0, 0});
    fill(*sink, rectangle(10 + 30 * i, 2, 20 + 30 * i, 12), pens[i]);
  }
  const Picture picture = picture_of(*sink);
  EXPECT_TRUE(picture.indexed);
  for (int i = 0; i < 12; ++i) {
    const scene::Rgba& c = pens[i];
    EXPECT_EQ(picture.at(15 + 30 * i, 400 - 7), (Rgb{c.r, c.g, c.b}));
  }
  EXPECT_EQ(picture.at(2, 2), kWhite);
}

TEST(Png, PaletteBitsFollowTheNumberOfColors) {
  const int expected_bits[] = {1, 1, 2, 2, 4, 4};
  const int colors[] = {1, 2, 3, 4, 5, 16};
  for (int i = 0; i < 6; ++i) {
    const auto sink = sink_of();
    for (int c = 1; c < colors[i]; ++c)
      fill(*sink, rectangle(5 * c, 0, 5 * c + 5, 100),
           {static_cast<std::uint8_t>(c * 10), 0, 0, 255});
    const auto bytes = *sink->encode();
    EXPECT_EQ(bytes[24], expected_bits[i]) << colors[i];
    const Picture picture = read_png(bytes);
    for (int c = 1; c < colors[i]; ++c)
      EXPECT_EQ(picture.at(5 * c + 2, 50), (Rgb{static_cast<std::uint8_t>(c * 10), 0, 0}));
  }
}

TEST(Png, DegenerateViewsGiveSensibleImages) {
  PngOptions options;
  options.longer_side_px = 512;
  const auto size = [&](const Box2& view) {
    const auto sink = *PngSink::create(view, options, {});
    const Picture picture = picture_of(*sink);
    return std::pair{picture.width, picture.height};
  };
  EXPECT_EQ(size({}), (std::pair{512u, 384u}));
  EXPECT_EQ(size({5, 5, 5, 5}), (std::pair{512u, 512u}));
  EXPECT_EQ(size({0, 7, 1000, 7}), (std::pair{512u, 64u}));
  EXPECT_EQ(size({7, 0, 7, 1000}), (std::pair{64u, 512u}));
  EXPECT_EQ(size({0, 0, 200, 100}), (std::pair{512u, 267u}));

  // A horizontal line alone is seen, in the middle.
  const auto sink = *PngSink::create({0, 7, 1000, 7}, options, {});
  sink->stroke(line({0, 7}, {1000, 7}), {kInkBlack, 0, 0});
  EXPECT_EQ(picture_of(*sink).at(256, 32), kBlack);
}

TEST(Png, LimitsAndNonsenseAreErrors) {
  PngOptions options;
  Limits limits;
  limits.max_image_px = 1000;
  options.longer_side_px = 1001;
  EXPECT_EQ(PngSink::create({0, 0, 1, 1}, options, limits).error().code, ErrorCode::limit_exceeded);
  options.longer_side_px = 0;
  EXPECT_EQ(PngSink::create({0, 0, 1, 1}, options, limits).error().code,
            ErrorCode::invalid_argument);
  options.longer_side_px = 100;
  EXPECT_EQ(PngSink::create({-1.7e308, 0, 1.7e308, 1}, options, limits).error().code,
            ErrorCode::invalid_argument);
  options.longer_side_px = 1;
  EXPECT_TRUE(PngSink::create({0, 0, 1, 1}, options, limits).value()->encode());
}

// One path that crosses the image again and again: known as too much before it is drawn.
TEST(Png, S18_ASheetThatNeedsMorePaintingThanAllowedIsOverworkedAndTakesNoMore) {
  Path zigzag;
  zigzag.move_to({0, 0});
  for (int i = 1; i < 1000; ++i) zigzag.line_to({i % 2 ? 100.0 : 0.0, i % 100 * 1.0});
  PngOptions options;
  options.longer_side_px = 100;
  options.margin = 0;
  options.max_work = 1'000'000;  // it needs some 2,000,000
  const auto sink = *PngSink::create({0, 0, 100, 100}, options, {});
  sink->stroke(line({0, 50}, {100, 50}), {kInkRed, 0, 0});
  EXPECT_FALSE(sink->overworked());
  sink->stroke(zigzag, {kInkBlack, 0, 0});
  EXPECT_TRUE(sink->overworked());
  fill(*sink, rectangle(0, 0, 100, 40), kInkBlue);
  const Picture picture = picture_of(*sink);
  EXPECT_EQ(picture.at(50, 50), kRed);
  EXPECT_EQ(picture.at(50, 20), kWhite);
  EXPECT_EQ(picture.at(50, 80), kWhite);

  options.max_work = 10'000'000;
  const auto enough = *PngSink::create({0, 0, 100, 100}, options, {});
  enough->stroke(zigzag, {kInkBlack, 0, 0});
  EXPECT_FALSE(enough->overworked());
  EXPECT_NE(picture_of(*enough).at(50, 80), kWhite);
}

// What is cheap to say and dear to paint is paid for.
TEST(Png, S18_GradientsWideLinesAndTextsCountAsWork) {
  PngOptions options;
  options.longer_side_px = 1000;
  options.max_work = 5'000'000;
  const auto gradients = *PngSink::create({0, 0, 100, 100}, options, {});
  const scene::Gradient gradient{false, {0, 0}, {100, 0}, {{0, kInkRed}, {1, kInkBlue}}};
  gradients->fill(rectangle(0, 0, 100, 100), scene::FillRule::non_zero, {kInkRed, &gradient});
  EXPECT_TRUE(gradients->overworked());
  const auto wide = *PngSink::create({0, 0, 100, 100}, options, {});
  for (int i = 0; i < 100; ++i) wide->stroke(line({0, 50}, {100, 51}), {kInkRed, 0, 1});
  EXPECT_TRUE(wide->overworked());
  const auto thin = *PngSink::create({0, 0, 100, 100}, options, {});
  for (int i = 0; i < 100; ++i) thin->stroke(line({0, 50}, {100, 51}), {kInkRed, 0, 0});
  EXPECT_FALSE(thin->overworked());
}

TEST(Png, SameDrawingSameBytes) {
  const auto one = sink_of(), two = sink_of();
  draw_scattered(*one, {});
  draw_scattered(*two, {});
  EXPECT_EQ(*one->encode(), *two->encode());
}

}  // namespace
}  // namespace cad::render
