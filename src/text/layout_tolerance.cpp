// SPDX-License-Identifier: Apache-2.0
// Feature control frames: rows of boxed cells. The entity's position is the middle of the first
// row's left edge (DXF Reference: TOLERANCE, group 10).
#include <algorithm>
#include <cmath>

#include "text/codes.hpp"
#include "text/layout.hpp"
#include "text/mtext_lines.hpp"
#include "text/placing.hpp"

namespace cad::text {
namespace {

constexpr double kGap = 0.5;         // around a cell's text, in text heights
constexpr double kThickness = 0.03;  // of the frame's lines
constexpr std::size_t kMaxCells = 1000;

struct FrameStyle {
  const TextStyle* style = nullptr;
  double height = 1;
};

// Sets one cell's runs on the baseline at `start`; returns their width.
double place_cell(std::string_view raw, const FrameStyle& frame, Vec2 start, Placer& placer) {
  MText cell;
  cell.raw = raw;
  cell.height = frame.height;
  const MTextContent content = break_lines(cell, *frame.style, 0, placer);
  double x = 0;
  for (const Piece& piece : content.pieces) {
    const MTextRun& run = *content.runs[piece.run];
    const RunFormat& format = content.formats[piece.run];
    if (piece.kind == Piece::Kind::word || piece.kind == Piece::Kind::space) {
      const std::string_view text =
          std::string_view(run.text).substr(piece.begin, piece.end - piece.begin);
      const Affine map = translation(start.x + x, start.y) *
                         text_scale(format.height, format.width_factor, format.oblique_deg);
      placer.place(placer.shape(format.font, text), format.font, map, text, run.color);
    }
    x += piece.width;
  }
  return x;
}

void place_box(double x0, double x1, double y0, double y1, double thickness, Placer& placer) {
  placer.line({x0, y0}, {x1, y0}, thickness, std::nullopt);
  placer.line({x1, y0}, {x1, y1}, thickness, std::nullopt);
  placer.line({x1, y1}, {x0, y1}, thickness, std::nullopt);
  placer.line({x0, y1}, {x0, y0}, thickness, std::nullopt);
}

}  // namespace

LaidOutText layout_tolerance(const Tolerance& tolerance, double height, const Drawing& drawing,
                             FontLibrary& fonts, const Limits& limits) {
  Placer placer(fonts, limits.max_glyphs);
  FrameStyle frame;
  frame.height = std::isfinite(height) && height > 0 ? height : 1;
  const bool known = tolerance.dim_style.index < drawing.dim_styles.size();
  frame.style =
      &style_of(drawing, known ? drawing.at(tolerance.dim_style).text_style : TextStyleId{});
  const double h = frame.height, row_height = h * (1 + 2 * kGap);
  double bottom = -row_height / 2;
  std::size_t cells = 0;
  for (const std::vector<std::string>& row : tolerance_cells(tolerance.value)) {
    double x = 0;
    for (const std::string& cell : row) {
      if (cell.empty() || ++cells > kMaxCells) continue;
      const double width = place_cell(cell, frame, {x + kGap * h, bottom + kGap * h}, placer);
      const double end = x + width + 2 * kGap * h;
      place_box(x, end, bottom, bottom + row_height, kThickness * h, placer);
      x = end;
    }
    bottom -= row_height;
  }
  return placer.take();
}

}  // namespace cad::text
