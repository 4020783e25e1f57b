// SPDX-License-Identifier: Apache-2.0
#include "text/codes.hpp"

#include <array>

#include "base/encoding.hpp"
#include "text/special_codes.hpp"

namespace cad::text {
namespace {

using Line = PlainText::Line;

// Over-, under- and strike-through lines toggle, and run to the end of the text.
class LineToggles {
 public:
  void toggle(Line::Kind kind, PlainText& out) {
    auto& begin = open_[static_cast<std::size_t>(kind)];
    if (begin) {
      if (*begin < out.value.size()) out.lines.push_back({*begin, out.value.size(), kind});
      begin.reset();
    } else {
      begin = out.value.size();
    }
  }
  void finish(PlainText& out) {
    for (const auto kind : {Line::Kind::under, Line::Kind::over, Line::Kind::strike}) {
      if (open_[static_cast<std::size_t>(kind)]) toggle(kind, out);
    }
  }

 private:
  std::array<std::optional<std::size_t>, 3> open_;
};

std::optional<Line::Kind> line_code(std::string_view at) {
  if (at.size() < 3 || at[1] != '%') return std::nullopt;
  switch (at[2]) {
    case 'u':
    case 'U': return Line::Kind::under;
    case 'o':
    case 'O': return Line::Kind::over;
    case 'k':
    case 'K': return Line::Kind::strike;
    default: return std::nullopt;
  }
}

bool is_special(char c) {
  return static_cast<unsigned char>(c) < 32 || c == '%' || c == '^' || c == '\\';
}

// No-break spaces matter to line breaking only: a reader searches for plain ones.
void append_with_plain_spaces(std::string& out, std::string_view text) {
  constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
  for (;;) {
    const std::size_t stop = text.find(kNoBreakSpace);
    out += text.substr(0, stop);
    if (stop == std::string_view::npos) return;
    out.push_back(' ');
    text.remove_prefix(stop + kNoBreakSpace.size());
  }
}

}  // namespace

PlainText decode_text(std::string_view raw) {
  PlainText out;
  out.value.reserve(raw.size());
  LineToggles toggles;
  std::size_t i = 0;
  while (i < raw.size()) {
    std::size_t stop = i;
    while (stop < raw.size() && !is_special(raw[stop])) ++stop;
    out.value.append(raw.substr(i, stop - i));
    i = stop;
    if (i == raw.size()) break;
    const std::string_view at = raw.substr(i);
    SpecialCode code{static_cast<char32_t>(static_cast<unsigned char>(at[0])), 1};
    if (at[0] == '%') {
      if (const auto kind = line_code(at)) {
        toggles.toggle(*kind, out);
        i += 3;
        continue;
      }
      code = percent_code(at);
    } else if (at[0] == '^') {
      code = caret_code(at);
    } else if (at[0] == '\\') {
      code = unicode_code(at);
    }
    if (code.length == 0) {
      out.value.push_back(at[0]);
      ++i;
      continue;
    }
    // A single line has no line feeds or other control characters; only a tab has a meaning.
    append_utf8(code.code < 32 && code.code != U'\t' ? U' ' : code.code, out.value);
    i += code.length;
  }
  toggles.finish(out);
  return out;
}

std::string plain_mtext(std::string_view raw) {
  const std::vector<MTextParagraph> paragraphs = parse_mtext(raw);
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < paragraphs.size(); ++i) {
    const MTextParagraph& paragraph = paragraphs[i];
    if (i > 0 && !(i + 1 == paragraphs.size() && paragraph.runs.empty())) out.push_back('\n');
    for (const MTextRun& run : paragraph.runs) {
      switch (run.kind) {
        case MTextRun::Kind::text: append_with_plain_spaces(out, run.text); break;
        case MTextRun::Kind::tab: out.push_back('\t'); break;
        case MTextRun::Kind::stack:
          out += run.text;
          if (run.denominator.empty()) break;
          out.push_back(run.stack_form == '#' ? '/' : run.stack_form);
          out += run.denominator;
          break;
        case MTextRun::Kind::paragraph:
        case MTextRun::Kind::line_break:
        case MTextRun::Kind::column_break:
          if (&run == &paragraphs.back().runs.back()) break;
          out.push_back('\n');
          break;
      }
    }
  }
  return out;
}

std::vector<std::vector<std::string>> tolerance_cells(std::string_view raw) {
  std::vector<std::vector<std::string>> rows(1);
  rows.back().emplace_back();
  constexpr std::size_t kMaxCells = 10'000;
  std::size_t cells = 1;
  for (std::size_t i = 0; i < raw.size();) {
    const std::string_view at = raw.substr(i);
    if (cells >= kMaxCells) break;
    if (at.starts_with("%%v") || at.starts_with("%%V")) {
      rows.back().emplace_back();
      ++cells;
      i += 3;
    } else if (at.starts_with("^J") || at[0] == '\n') {
      rows.emplace_back().emplace_back();
      ++cells;
      i += at[0] == '^' ? 2 : 1;
    } else {
      rows.back().back().push_back(at[0]);
      ++i;
    }
  }
  return rows;
}

std::string plain_tolerance(std::string_view raw) {
  std::string out;
  for (const std::vector<std::string>& row : tolerance_cells(raw)) {
    std::string line;
    for (const std::string& cell : row) {
      if (cell.empty()) continue;
      if (!line.empty()) line.push_back('|');
      line += plain_mtext(cell);
    }
    if (line.empty()) continue;
    if (!out.empty()) out.push_back('\n');
    out += line;
  }
  return out;
}

}  // namespace cad::text
