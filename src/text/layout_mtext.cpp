// SPDX-License-Identifier: Apache-2.0
// Places the lines of an MTEXT: columns, line spacing, justification, attachment.
#include <algorithm>
#include <cmath>

#include "text/layout.hpp"
#include "text/mtext_lines.hpp"
#include "text/placing.hpp"

namespace cad::text {
namespace {

// Baseline to baseline, in text heights, at a spacing factor of 1.
constexpr double kLineSpacing = 5.0 / 3;
constexpr std::size_t kMaxColumns = 1000;

double positive(double value, double otherwise) {
  return std::isfinite(value) && value > 0 ? value : otherwise;
}

struct Columns {
  std::size_t count = 1;  // more lines than fit overflow the last one
  double width = 0;       // 0: no wrapping
  double gutter = 0;
  bool as_needed = false;       // count is the most that there may be
  bool reversed = false;        // from right to left
  std::vector<double> heights;  // the last one holds for further columns; 0: unlimited
  double total_width() const {
    return static_cast<double>(count) * width + static_cast<double>(count - 1) * gutter;
  }
  double height(std::size_t column) const {
    if (heights.empty()) return INFINITY;
    return positive(heights[std::min(column, heights.size() - 1)], INFINITY);
  }
};

Columns columns_of(const MText& text) {
  Columns columns;
  columns.width = positive(text.width, 0);
  if (text.column_type == 0) return columns;
  columns.width = positive(text.column_width, columns.width);
  columns.gutter = positive(text.column_gutter, 0);
  columns.reversed = text.column_flow_reversed;
  columns.heights = text.column_heights;
  const bool as_needed =
      text.column_type == 2 && (text.column_auto_height || columns.heights.empty());
  if (columns.heights.empty() || as_needed) columns.heights = {text.defined_height};
  std::size_t count = std::max<std::size_t>(text.column_count, text.column_heights.size());
  if (as_needed && positive(text.defined_height, 0) > 0) count = kMaxColumns;
  columns.as_needed = as_needed;
  columns.count = std::clamp<std::size_t>(count, 1, kMaxColumns);
  return columns;
}

struct LinePlace {
  std::size_t column = 0;
  double y = 0;  // baseline, downwards from the first line's top
};

struct Placement {
  std::vector<LinePlace> lines;
  double height = 0;  // of the tallest column: from its first line's top to its ink's lower edge
  std::size_t columns = 1;
};

// How far the ink of a line reaches below its baseline.
double ink_below(const MTextContent& content, const MTextLine& line, Placer& placer) {
  double below = 0;
  for (std::size_t i = line.begin; i < line.end; ++i) {
    const Piece& piece = content.pieces[i];
    if (piece.kind != Piece::Kind::word) continue;
    const RunFormat& format = content.formats[piece.run];
    const std::string_view text = std::string_view(content.runs[piece.run]->text)
                                      .substr(piece.begin, piece.end - piece.begin);
    for (const ShapedGlyph& glyph : placer.shape(format.font, text).glyphs) {
      const Box2 box = glyph.face->extents(glyph.id);
      if (box.empty() || !(box.min_y < 0)) continue;
      // Stand-ins have descenders of their own length; what counts is the original's.
      const double own = std::max(glyph.face->descent() * double{glyph.em}, 0.05);
      const double depth = -box.min_y * double{glyph.em} * format.font.descent / own;
      below = std::max(below, depth * format.height);
    }
  }
  return below;
}

Placement stack_lines(const MText& text, const MTextContent& content, const Columns& columns,
                      double height, Placer& placer) {
  Placement placement;
  const double factor = std::clamp(positive(text.line_spacing, 1), 0.01, 100.0);
  const bool exact = text.line_spacing_style == 2;
  std::size_t column = 0;
  double y = 0, below = 0;
  bool top = true;
  const MTextLine* lowest_line = nullptr;
  for (const MTextLine& line : content.lines) {
    const double ascent = exact ? line.height : line.above;
    const double step = exact ? kLineSpacing * factor * height
                              : kLineSpacing * factor * line.height +
                                    std::max(0.0, line.above - line.height) + below;
    double baseline = top ? ascent : y + step;
    const bool room = column + 1 < columns.count;
    if (!top && room && baseline > columns.height(column) * (1 + 1e-6)) {
      ++column;
      baseline = ascent;
    }
    placement.lines.push_back({column, baseline});
    const bool lowest = baseline >= placement.height;
    placement.height = std::max(placement.height, baseline);
    if (lowest) lowest_line = &line;
    y = baseline;
    below = line.below;
    top = false;
    if (line.ends_column && room && columns.count > 1) {
      ++column;
      top = true;
    }
  }
  if (lowest_line != nullptr) placement.height += ink_below(content, *lowest_line, placer);
  placement.columns = columns.as_needed ? column + 1 : columns.count;
  return placement;
}

class MTextPlacer {
 public:
  MTextPlacer(const MTextContent& content, Placer& placer) : content_(content), placer_(placer) {}
  // x: the line's start, y: its baseline; gap: added to each blank (justified lines).
  void place(const MTextLine& line, double x, double y, double gap);

 private:
  void place_text(const Piece& first, std::uint32_t end_byte, double width, const MTextLine& line,
                  double x, double y);
  void place_stack(const Piece& piece, const MTextLine& line, double x, double y);
  void draw_rules(const MTextRun& run, const RunFormat& format, double x, double y, double width);

  const MTextContent& content_;
  Placer& placer_;
};

// How much \A lifts something `above` high within a line.
double lift(const MTextRun& run, double above, const MTextLine& line) {
  if (run.align == 1) return (line.height - above) / 2;
  if (run.align == 2) return line.height - above;
  return 0;
}

void MTextPlacer::draw_rules(const MTextRun& run, const RunFormat& format, double x, double y,
                             double width) {
  const auto draw = [&](bool on, double at) {
    if (!on) return;
    placer_.rule(translation(x, y), 0, width, at * format.height, kRuleThickness * format.height,
                 run.color);
  };
  draw(run.underline, kUnderline);
  draw(run.overline, kOverline);
  draw(run.strike, kStrikeLine);
}

void MTextPlacer::place_text(const Piece& first, std::uint32_t end_byte, double width,
                             const MTextLine& line, double x, double y) {
  const MTextRun& run = *content_.runs[first.run];
  const RunFormat& format = content_.formats[first.run];
  y += lift(run, format.height, line);
  const std::string_view bytes =
      std::string_view(run.text).substr(first.begin, end_byte - first.begin);
  ShapedText shaped = placer_.shape(format.font, bytes);
  if (format.tracking != 1) {
    for (ShapedGlyph& glyph : shaped.glyphs) glyph.offset.x *= format.tracking;
  }
  const Affine map =
      translation(x, y) * text_scale(format.height, format.width_factor, format.oblique_deg);
  placer_.place(shaped, format.font, map, bytes, run.color);
  draw_rules(run, format, x, y, width);
}

void MTextPlacer::place_stack(const Piece& piece, const MTextLine& line, double x, double y) {
  const MTextRun& run = *content_.runs[piece.run];
  const RunFormat& format = content_.formats[piece.run];
  const StackForm form = stack_form(run, format, placer_);
  y += lift(run, form.height, line);
  const auto part = [&](std::string_view text, double dx, double dy) {
    const Affine map = translation(x + dx, y + dy) *
                       text_scale(format.height, format.width_factor, format.oblique_deg);
    placer_.place(placer_.shape(format.font, text), format.font, map, text, run.color);
  };
  part(run.text, form.numerator_x, form.numerator_y);
  part(run.denominator, form.denominator_x, 0);
  const double ink = form.width - 0.15 * format.height, thickness = kRuleThickness * format.height;
  if (form.bar) {
    placer_.line({x, y + form.bar_y}, {x + ink, y + form.bar_y}, thickness, run.color);
  }
  if (form.slash) {
    const double middle = form.denominator_x - 0.3 * format.height;
    placer_.line({x + middle - 0.3 * format.height, y},
                 {x + middle + 0.3 * format.height, y + form.height}, thickness, run.color);
  }
  draw_rules(run, format, x, y, ink);
}

void MTextPlacer::place(const MTextLine& line, double x, double y, double gap) {
  const auto& pieces = content_.pieces;
  double shift = 0;  // of justified blanks so far
  std::size_t end = line.end;
  while (end > line.begin && pieces[end - 1].kind == Piece::Kind::space) --end;
  for (std::size_t i = line.begin; i < end;) {
    const Piece& first = pieces[i];
    if (first.kind == Piece::Kind::stack) {
      place_stack(first, line, x + first.x + shift, y);
      ++i;
      continue;
    }
    if (first.kind == Piece::Kind::tab) {
      draw_rules(*content_.runs[first.run], content_.formats[first.run], x + first.x + shift, y,
                 first.width);
      ++i;
      continue;
    }
    // Words of one run are shaped together: right-to-left text needs its neighbors.
    std::size_t next = i + 1;
    const auto joins = [&](const Piece& piece) {
      return piece.run == first.run && piece.kind != Piece::Kind::tab &&
             piece.kind != Piece::Kind::stack;
    };
    while (gap == 0 && next < end && joins(pieces[next])) ++next;
    const Piece& last = pieces[next - 1];
    double width = last.x + last.width - first.x;
    const bool stretched = gap != 0 && first.kind == Piece::Kind::space;
    if (stretched) width += gap;
    place_text(first, last.end, width, line, x + first.x + shift, y);
    if (stretched) shift += gap;
    i = next;
  }
}

std::uint8_t justification(const MTextParagraph& paragraph, std::uint8_t attachment) {
  if (paragraph.justify != 0) return paragraph.justify;
  constexpr std::uint8_t kByColumn[3] = {1, 3, 2};  // left, center, right
  return kByColumn[(attachment - 1) % 3];
}

std::size_t stretchable(const MTextContent& content, const MTextLine& line) {
  std::size_t end = line.end, count = 0;
  while (end > line.begin && content.pieces[end - 1].kind == Piece::Kind::space) --end;
  for (std::size_t i = line.begin; i < end; ++i) {
    count += content.pieces[i].kind == Piece::Kind::space ? 1 : 0;
  }
  return count;
}

// Places one line into a column of `width` whose left edge is at x.
void place_line(const MTextContent& content, const MTextLine& line, std::uint8_t attachment,
                double height, double width, double x, double y, MTextPlacer& placer) {
  const MTextParagraph& paragraph = content.paragraphs[line.paragraph];
  const double left =
      std::max(0.0, (paragraph.left + (line.first ? paragraph.indent : 0)) * height);
  const double room = std::max(width - left - paragraph.right * height, 0.0);
  const double spare = room - line.width;
  const std::uint8_t justify = justification(paragraph, attachment);
  double gap = 0;
  x += left;
  if (justify == 2) x += spare;
  if (justify == 3) x += spare / 2;
  if ((justify == 4 && !line.last) || justify == 5) {
    const std::size_t blanks = stretchable(content, line);
    if (blanks > 0 && spare > 0) gap = spare / static_cast<double>(blanks);
  }
  placer.place(line, x, y, gap);
}

double initial_height(const MText& text, const TextStyle& style) {
  return positive(text.height, positive(style.fixed_height, positive(style.last_height, 1)));
}

double natural_width(const MTextContent& content, double height) {
  double width = 0;
  for (const MTextLine& line : content.lines) {
    const MTextParagraph& paragraph = content.paragraphs[line.paragraph];
    const double left = paragraph.left + (line.first ? paragraph.indent : 0);
    width = std::max(width, line.width + (std::max(0.0, left) + paragraph.right) * height);
  }
  return width;
}

}  // namespace

LaidOutText layout_mtext(const MText& text, const Drawing& drawing, FontLibrary& fonts,
                         const Limits& limits) {
  const TextStyle& style = style_of(drawing, text.style);
  Placer placer(fonts, limits.max_glyphs);
  const double height = initial_height(text, style);
  Columns columns = columns_of(text);
  const MTextContent content = break_lines(text, style, columns.width, placer);
  const Placement placement = stack_lines(text, content, columns, height, placer);
  columns.count = placement.columns;
  if (columns.width == 0) columns.width = natural_width(content, height);

  const std::uint8_t attachment =
      text.attachment >= 1 && text.attachment <= 9 ? text.attachment : std::uint8_t{1};
  const double width = columns.total_width();
  const double x0 = -width * ((attachment - 1) % 3) / 2;
  const double top = placement.height * ((attachment - 1) / 3) / 2;
  MTextPlacer lines(content, placer);
  for (std::size_t i = 0; i < content.lines.size(); ++i) {
    const LinePlace& place = placement.lines[i];
    const std::size_t column = columns.reversed ? columns.count - 1 - place.column : place.column;
    const double x = x0 + static_cast<double>(column) * (columns.width + columns.gutter);
    place_line(content, content.lines[i], attachment, height, columns.width, x, top - place.y,
               lines);
  }
  LaidOutText out = placer.take();
  const double scale = std::clamp(positive(text.background_scale, 1.5), 1.0, 5.0);
  const double border = (scale - 1) * height;
  out.frame = {{x0 - border, top - placement.height - border},
               {x0 + width + border, top - placement.height - border},
               {x0 + width + border, top + border},
               {x0 - border, top + border}};
  return out;
}

}  // namespace cad::text
