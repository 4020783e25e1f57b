// SPDX-License-Identifier: Apache-2.0
#include "text/mtext_lines.hpp"

#include <algorithm>
#include <cmath>

#include "base/utf8.hpp"

namespace cad::text {
namespace {

constexpr double kDefaultTab = 4;  // text heights
constexpr double kSlack = 1e-6;    // of the line's width

bool in(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

// Lines break between these without a blank.
bool breaks_anywhere(char32_t c) {
  return in(c, 0x2E80, 0x9FFF) || in(c, 0xAC00, 0xD7A3) || in(c, 0xF900, 0xFAFF) ||
         in(c, 0xFF01, 0xFF60) || in(c, 0x20000, 0x3FFFF);
}
// Closing punctuation does not start a line; opening brackets do not end one.
bool sticks_to_previous(char32_t c) {
  constexpr std::u32string_view kClosing =
      U"\u3001\u3002\uFF0C\uFF0E\uFF01\uFF1F\uFF1A\uFF1B\uFF09\u300D\u300F\u3011\u3009\u300B"
      U"\u3015\uFF5D\u30FC";
  return kClosing.find(c) != std::u32string_view::npos;
}
bool sticks_to_next(char32_t c) {
  constexpr std::u32string_view kOpening = U"\uFF08\u300C\u300E\u3010\u3008\u300A\u3014\uFF5B";
  return kOpening.find(c) != std::u32string_view::npos;
}

RunFormat resolve(const MText& text, const TextStyle& style, const MTextRun& run, double height,
                  FontLibrary& fonts) {
  RunFormat format;
  if (run.font.empty()) {
    format.font = fonts.choose(style);
  } else if (run.font_is_shx && run.font.find('.') == std::string::npos) {
    format.font = fonts.choose(run.font + ".shx", false, false);
  } else {
    format.font = fonts.choose(run.font, run.bold, run.italic);
  }
  format.height = run.absolute_height ? *run.absolute_height : height * run.height;
  const double style_factor =
      std::isfinite(style.width_factor) && style.width_factor > 0 ? style.width_factor : 1;
  format.width_factor =
      (run.width_factor_set ? run.width_factor : style_factor) * format.font.width_scale;
  format.oblique_deg = run.oblique_deg != 0 ? run.oblique_deg : style.oblique_deg;
  format.tracking = run.tracking;
  (void)text;
  return format;
}

class Breaker {
 public:
  Breaker(const MText& text, const TextStyle& style, double wrap_width, Placer& placer);
  MTextContent run();

 private:
  void measure_run(const MTextRun& run);
  void measure_text(const MTextRun& run);
  void add_piece(Piece piece) { content_.pieces.push_back(piece); }
  void add_word(const MTextRun& run, std::size_t begin, std::size_t end, bool break_before);
  void break_paragraph(std::uint32_t paragraph, std::size_t begin);
  std::size_t unit_end(std::size_t piece, std::size_t limit) const;
  double tab_target(const MTextParagraph& paragraph, double x, std::size_t piece,
                    std::size_t limit) const;
  void finish_line(MTextLine line);
  double indent(const MTextParagraph& paragraph, bool first) const {
    return std::max(0.0, (paragraph.left + (first ? paragraph.indent : 0)) * height_);
  }

  const MText& text_;
  const TextStyle& style_;
  double wrap_width_;
  double height_;
  Placer& placer_;
  MTextContent content_;
  std::vector<std::pair<std::size_t, bool>> breaks_;  // piece index; true: column
  double last_height_;
};

double initial_height(const MText& text, const TextStyle& style) {
  for (const double height : {text.height, style.fixed_height, style.last_height}) {
    if (std::isfinite(height) && height > 0) return height;
  }
  return 1;
}

Breaker::Breaker(const MText& text, const TextStyle& style, double wrap_width, Placer& placer)
    : text_(text),
      style_(style),
      wrap_width_(wrap_width),
      height_(initial_height(text, style)),
      placer_(placer),
      last_height_(height_) {}

void Breaker::add_word(const MTextRun& run, std::size_t begin, std::size_t end, bool break_before) {
  if (begin == end) return;
  const RunFormat& format = content_.formats.back();
  const std::string_view bytes = std::string_view(run.text).substr(begin, end - begin);
  const ShapedText shaped = placer_.shape(format.font, bytes);
  const double scale = format.height * format.width_factor * format.tracking;
  Piece piece;
  piece.kind = bytes[0] == ' ' ? Piece::Kind::space : Piece::Kind::word;
  piece.break_before = break_before;
  piece.run = static_cast<std::uint32_t>(content_.runs.size() - 1);
  piece.begin = static_cast<std::uint32_t>(begin);
  piece.end = static_cast<std::uint32_t>(end);
  piece.width = shaped.advance * scale;
  piece.trailing = shaped.trailing * scale;
  piece.above = format.height;
  add_piece(piece);
}

void Breaker::measure_text(const MTextRun& run) {
  const std::string_view text = run.text;
  bool after_blank = content_.pieces.empty() || content_.pieces.back().kind == Piece::Kind::space ||
                     content_.pieces.back().kind == Piece::Kind::tab;
  std::size_t begin = 0;
  bool word_breaks = after_blank;
  char32_t previous = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    if (text[at] == ' ') {
      add_word(run, begin, here, word_breaks);
      while (at < text.size() && text[at] == ' ') ++at;
      add_word(run, here, at, false);
      begin = at;
      word_breaks = true;
      previous = U' ';
      continue;
    }
    const char32_t code = next_code_point(text, at);
    const bool loose = breaks_anywhere(code) || breaks_anywhere(previous);
    if (here > begin && loose && !sticks_to_previous(code) && !sticks_to_next(previous)) {
      add_word(run, begin, here, word_breaks);
      begin = here;
      word_breaks = true;
    } else if (here == 0 && breaks_anywhere(code) && !sticks_to_previous(code)) {
      word_breaks = true;
    }
    previous = code;
  }
  add_word(run, begin, text.size(), word_breaks);
}

void Breaker::measure_run(const MTextRun& run) {
  content_.runs.push_back(&run);
  content_.formats.push_back(resolve(text_, style_, run, height_, placer_.fonts()));
  const RunFormat& format = content_.formats.back();
  last_height_ = format.height;
  Piece piece;
  piece.run = static_cast<std::uint32_t>(content_.runs.size() - 1);
  piece.above = format.height;
  switch (run.kind) {
    case MTextRun::Kind::text: measure_text(run); break;
    case MTextRun::Kind::tab:
      piece.kind = Piece::Kind::tab;
      add_piece(piece);
      break;
    case MTextRun::Kind::stack: {
      const StackForm form = stack_form(run, format, placer_);
      piece.kind = Piece::Kind::stack;
      piece.width = form.width;
      piece.above = form.height;
      add_piece(piece);
      break;
    }
    case MTextRun::Kind::paragraph:
    case MTextRun::Kind::line_break: breaks_.emplace_back(content_.pieces.size(), false); break;
    case MTextRun::Kind::column_break: breaks_.emplace_back(content_.pieces.size(), true); break;
  }
}

// Pieces that stay together from `piece` on.
std::size_t Breaker::unit_end(std::size_t piece, std::size_t limit) const {
  const auto& pieces = content_.pieces;
  const auto stands_alone = [&](std::size_t i) {
    return pieces[i].kind == Piece::Kind::space || pieces[i].kind == Piece::Kind::tab;
  };
  if (stands_alone(piece)) return piece + 1;
  std::size_t end = piece + 1;
  while (end < limit && !stands_alone(end) && !pieces[end].break_before) ++end;
  return end;
}

// Where the text behind a tab at x starts, from the column's left edge.
double Breaker::tab_target(const MTextParagraph& paragraph, double x, std::size_t piece,
                           std::size_t limit) const {
  for (std::size_t i = 0; i < paragraph.tab_stops.size(); ++i) {
    const double stop = paragraph.tab_stops[i] * height_;
    if (stop <= x + kSlack * height_) continue;
    if (paragraph.tab_kinds[i] == 'l') return stop;
    double width = 0;
    for (std::size_t k = piece + 1; k < limit; ++k) {
      if (content_.pieces[k].kind == Piece::Kind::tab) break;
      width += content_.pieces[k].width;
    }
    return std::max(x, stop - (paragraph.tab_kinds[i] == 'r' ? width : width / 2));
  }
  const double step = kDefaultTab * height_;
  return (std::floor(x / step + kSlack) + 1) * step;
}

void Breaker::finish_line(MTextLine line) {
  const auto& pieces = content_.pieces;
  line.width = 0;
  for (std::size_t i = line.begin; i < line.end; ++i) {
    const Piece& piece = pieces[i];
    if (piece.kind != Piece::Kind::space) {
      line.width = piece.x + piece.width - piece.trailing;
    }
    if (piece.kind != Piece::Kind::stack) line.height = std::max(line.height, piece.above);
    line.above = std::max(line.above, piece.above);
  }
  if (line.height == 0) line.height = line.above > 0 ? std::min(line.above, height_) : last_height_;
  line.above = std::max(line.above, line.height);
  content_.lines.push_back(line);
}

void Breaker::break_paragraph(std::uint32_t index, std::size_t begin) {
  const MTextParagraph& paragraph = content_.paragraphs[index];
  auto& pieces = content_.pieces;
  const std::size_t limit = pieces.size();
  MTextLine line;
  line.begin = begin;
  line.paragraph = index;
  line.first = true;
  double x = 0;
  std::size_t next_break = 0;
  const auto end_line = [&](std::size_t at, bool column) {
    line.end = at;
    line.ends_column = column;
    finish_line(line);
    line = MTextLine{};
    line.begin = at;
    line.paragraph = index;
    x = 0;
  };
  for (std::size_t i = begin;;) {
    for (; next_break < breaks_.size() && breaks_[next_break].first == i; ++next_break) {
      end_line(i, breaks_[next_break].second);
    }
    if (i >= limit) break;
    const std::size_t stop = next_break < breaks_.size() ? breaks_[next_break].first : limit;
    const std::size_t end = unit_end(i, stop);
    const double start = indent(paragraph, line.first);
    const double room = wrap_width_ - start - paragraph.right * height_;
    double width = 0;
    for (std::size_t k = i; k < end; ++k) width += pieces[k].width;
    const double ink = width - pieces[end - 1].trailing;
    const bool blank = pieces[i].kind == Piece::Kind::space || pieces[i].kind == Piece::Kind::tab;
    if (wrap_width_ > 0 && !blank && x > 0 && x + ink > room * (1 + kSlack)) {
      end_line(i, false);
    }
    for (std::size_t k = i; k < end; ++k) {
      Piece& piece = pieces[k];
      piece.x = x;
      if (piece.kind == Piece::Kind::tab) {
        const double from = indent(paragraph, line.first);
        piece.width = std::max(0.0, tab_target(paragraph, x + from, k, stop) - from - x);
      }
      x += piece.width;
    }
    i = end;
  }
  line.end = limit;
  line.last = true;
  finish_line(line);
}

MTextContent Breaker::run() {
  content_.paragraphs = parse_mtext(text_.raw);
  if (content_.paragraphs.size() > 1 && content_.paragraphs.back().runs.empty()) {
    content_.paragraphs.pop_back();
  }
  for (std::uint32_t i = 0; i < content_.paragraphs.size(); ++i) {
    const std::size_t begin = content_.pieces.size();
    breaks_.clear();
    for (const MTextRun& run : content_.paragraphs[i].runs) measure_run(run);
    break_paragraph(i, begin);
  }
  return std::move(content_);
}

}  // namespace

StackForm stack_form(const MTextRun& run, const RunFormat& format, Placer& placer) {
  const double h = format.height, scale = h * format.width_factor * format.tracking;
  const auto width = [&](std::string_view part) {
    const ShapedText shaped = placer.shape(format.font, part);
    return (shaped.advance - shaped.trailing) * scale;
  };
  const double top = width(run.text), bottom = width(run.denominator);
  StackForm form;
  if (run.stack_form == '#') {  // diagonal
    const double slash = 0.6 * h;
    form.numerator_y = 0.8 * h;
    form.denominator_x = top + slash;
    form.width = top + slash + bottom;
    form.height = 1.8 * h;
    form.slash = true;
  } else {
    const double gap = run.stack_form == '/' ? 0.6 * h : 0.4 * h;
    form.width = std::max(top, bottom);
    form.numerator_y = h + gap;
    form.height = 2 * h + gap;
    if (run.stack_form == '/') {
      form.numerator_x = (form.width - top) / 2;
      form.denominator_x = (form.width - bottom) / 2;
      form.bar = true;
      form.bar_y = h + gap / 2;
    } else if (run.stack_form == '~') {  // decimals below each other
      form.numerator_x = form.width - top;
      form.denominator_x = form.width - bottom;
    }
  }
  form.width += 0.15 * h;  // before what follows
  return form;
}

MTextContent break_lines(const MText& text, const TextStyle& style, double wrap_width,
                         Placer& placer) {
  return Breaker(text, style, wrap_width, placer).run();
}

}  // namespace cad::text
