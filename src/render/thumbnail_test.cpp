// SPDX-License-Identifier: Apache-2.0
#include "render/thumbnail.hpp"

#include <gtest/gtest.h>

#include "render/png_encode.hpp"
#include "render/test_support.hpp"

namespace cad::render {
namespace {

constexpr Pixel kWhite = 0xffffff, kBlack = 0, kBlue = 0xff0000;

Canvas blank(int width, int height) {
  Canvas canvas;
  canvas.width = width;
  canvas.height = height;
  canvas.pixels.assign(static_cast<std::size_t>(width) * height, kWhite);
  return canvas;
}

Canvas made_small(const Canvas& canvas, int factor) {
  Thumbnail thumbnail(canvas.width, canvas.height, kWhite, factor);
  EXPECT_TRUE(encode_png(canvas, {}, &thumbnail));
  return thumbnail.finish();
}

TEST(Thumbnail, squares_are_counted_also_at_the_edges) {
  Canvas canvas = blank(10, 7);
  canvas.row(6)[9] = kBlack;  // alone in the corner's square of 2 x 1
  canvas.row(0)[0] = kBlack;  // one of 16
  const Canvas small = made_small(canvas, 4);
  ASSERT_EQ(small.width, 3);
  ASSERT_EQ(small.height, 2);
  // 2/16 of black: 255 * 14 / 16 = 223, the nearest of 16 shades is 221.
  EXPECT_EQ(small.row(0)[0], 0xddddddu);
  // 1 of 6 (2 wide, 3 high), twice: 255 * 4 / 6 = 170.
  EXPECT_EQ(small.row(1)[2], 0xaaaaaau);
  EXPECT_EQ(small.row(0)[1], kWhite);
  EXPECT_EQ(small.row(1)[0], kWhite);
}

TEST(Thumbnail, what_is_full_is_full_and_keeps_its_color) {
  Canvas canvas = blank(12, 4);
  for (int y = 0; y < 4; ++y)
    for (int x = 2; x < 12; ++x) canvas.row(y)[x] = kBlue;
  const Canvas small = made_small(canvas, 4);
  EXPECT_EQ(small.row(0)[0], kBlue) << "half of it, counted twice";
  EXPECT_EQ(small.row(0)[1], kBlue);
  EXPECT_EQ(small.row(0)[2], kBlue);
}

TEST(Thumbnail, a_line_of_one_pixel_is_still_seen) {
  Canvas canvas = blank(70, 70);
  for (int x = 0; x < 70; ++x) canvas.row(31)[x] = kBlack;
  const Canvas small = made_small(canvas, 7);
  for (int x = 0; x < 10; ++x) {
    EXPECT_LE(small.row(4)[x] & 255, 190u) << x;
    EXPECT_EQ(small.row(5)[x], kWhite) << x;
  }
}

TEST(Thumbnail, images_of_many_colors_are_made_small_as_well) {
  Canvas canvas = blank(128, 128);
  for (int y = 0; y < 128; ++y)
    for (int x = 0; x < 128; ++x)
      canvas.row(y)[x] = static_cast<Pixel>(x * 2 | y * 2 << 8 | (x ^ y) << 16);
  const auto file = encode_png(canvas, {}).value();
  ASSERT_FALSE(read_png(file).indexed);
  const Canvas small = made_small(canvas, 64);
  ASSERT_EQ(small.width, 2);
  EXPECT_LT(small.row(0)[0] & 255, small.row(0)[1] & 255);
  EXPECT_EQ(small.row(0)[0] & 255, small.row(1)[0] & 255);
}

std::unique_ptr<PngSink> sink_of(std::uint32_t longer) {
  PngOptions options;
  options.longer_side_px = longer;
  return std::move(*PngSink::create({0, 0, 200, 100}, options, {}));
}

TEST(Thumbnail, it_is_a_png_of_the_same_shape_within_the_size_asked_for) {
  const auto sink = sink_of(2048);
  scene::Pen pen;
  sink->stroke(circle({100, 50}, 40), pen);
  const EncodedPng both = sink->encode(320).value();
  ASSERT_TRUE(both.thumbnail);
  const Picture large = read_png(both.image), small = read_png(*both.thumbnail);
  EXPECT_EQ(large.width, 2048u);
  EXPECT_EQ(small.width, 293u);
  EXPECT_NEAR(static_cast<double>(small.height) / small.width,
              static_cast<double>(large.height) / large.width, 0.01);
  EXPECT_TRUE(small.indexed);
  EXPECT_LT(both.thumbnail->size(), 4000u);
  EXPECT_EQ(both.image, sink->encode().value()) << "the image itself is the same";
}

TEST(Thumbnail, none_of_what_is_small_already_or_not_asked_for) {
  EXPECT_FALSE(sink_of(320)->encode(320)->thumbnail);
  EXPECT_FALSE(sink_of(2048)->encode(0)->thumbnail);
  EXPECT_TRUE(sink_of(321)->encode(320)->thumbnail);
}

}  // namespace
}  // namespace cad::render
