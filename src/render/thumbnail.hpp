// SPDX-License-Identifier: Apache-2.0
// An image made small, for lists of drawings, while it is encoded: that goes through its runs of
// equal pixels anyway, and most of a drawing is background, of which nothing is summed up.
#pragma once

#include <array>
#include <vector>

#include "render/canvas.hpp"

namespace cad::render {

// Each pixel stands for a square of `factor` (what there is of it at the right and lower edge) in
// the mean color of what is drawn there, in 16 shades a channel: gray ones take four bits a pixel.
// What is inked counts twice: lines of one pixel would fade away.
class Thumbnail {
 public:
  Thumbnail(int width, int height, Pixel background, int factor);

  // Pixels [x0, x1) of a row; rows come from the top, each run of a row once.
  void add(int y, int x0, int x1, Pixel color);
  Canvas finish();

 private:
  struct Sum {
    std::array<std::uint32_t, 3> channels{};
    std::uint32_t pixels = 0;
  };
  void end_row();
  Pixel mean(const Sum& ink, std::uint32_t area) const;

  int width_, height_;
  Pixel background_;
  int factor_;
  Canvas small_;
  std::vector<Sum> sums_;  // of the row of squares at `top_`
  int top_ = 0;
};

}  // namespace cad::render
