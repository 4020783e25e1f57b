// SPDX-License-Identifier: Apache-2.0
// MTEXT's formatting codes. Codes that are malformed or unknown are shown as they are written;
// nothing here fails. A brace opens a scope for everything but the paragraph it stands in.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/encoding.hpp"
#include "text/codes.hpp"
#include "text/gdt.hpp"
#include "text/mtext_paragraph.hpp"
#include "text/special_codes.hpp"

namespace cad::text {
namespace {

// Beyond these, formatting is dropped and text is kept: a hostile string must not cost a run of
// 200 bytes for every three of its own.
constexpr std::size_t kMaxRuns = 100'000;
constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxFontName = 128;
constexpr double kMinScale = 1e-6, kMaxScale = 1e6;

struct State {
  MTextRun format;           // without text
  MTextParagraph paragraph;  // without runs
};

class Parser {
 public:
  explicit Parser(std::string_view raw) : raw_(raw) { paragraphs_.emplace_back(); }
  std::vector<MTextParagraph> parse();

 private:
  // Codes: true when understood and consumed; else nothing has changed.
  bool backslash_code();
  bool character_code();
  bool format_code(char letter);
  bool stack_code();
  bool font_code(bool shx);
  bool paragraph_code();
  bool color_code(bool true_color);
  void open_brace();
  void close_brace();

  void put(char32_t code);
  void put_bytes(std::string_view bytes);
  void control(char32_t code);
  void add_run(MTextRun::Kind kind);
  void new_paragraph();
  void draw_symbols();
  MTextRun& text_run();

  // A number at at_ + skip: its value, and the position behind it and an optional ';'.
  struct Number {
    double value = 0;
    bool relative = false;  // an 'x' follows
    std::size_t end = 0;
  };
  std::optional<Number> number(std::size_t from) const;
  std::optional<std::size_t> integer(std::size_t from, std::uint64_t& value) const;
  std::size_t past_terminator(std::size_t at) const {
    return at < raw_.size() && raw_[at] == ';' ? at + 1 : at;
  }

  std::string_view raw_;
  std::size_t at_ = 0;
  State state_;
  std::vector<State> scopes_;
  std::size_t deeper_ = 0;  // scopes beyond kMaxDepth: counted, not kept
  std::size_t run_count_ = 0;
  bool format_changed_ = true;
  std::vector<MTextParagraph> paragraphs_;
};

double clamp_scale(double value) { return std::clamp(std::fabs(value), kMinScale, kMaxScale); }

std::optional<Parser::Number> Parser::number(std::size_t from) const {
  Number result;
  result.end = from;
  const auto value = parse_double(raw_, result.end);
  if (!value) return std::nullopt;
  result.value = *value;
  if (result.end < raw_.size() && (raw_[result.end] == 'x' || raw_[result.end] == 'X')) {
    result.relative = true;
    ++result.end;
  }
  result.end = past_terminator(result.end);
  return result;
}

std::optional<std::size_t> Parser::integer(std::size_t from, std::uint64_t& value) const {
  const char* const first = raw_.data() + from;
  const auto [end, error] = std::from_chars(first, raw_.data() + raw_.size(), value);
  if (error != std::errc()) return std::nullopt;
  return past_terminator(static_cast<std::size_t>(end - raw_.data()));
}

MTextRun& Parser::text_run() {
  std::vector<MTextRun>& runs = paragraphs_.back().runs;
  const bool fits = !runs.empty() && runs.back().kind == MTextRun::Kind::text;
  if (fits && (!format_changed_ || run_count_ >= kMaxRuns)) return runs.back();
  runs.push_back(state_.format);
  ++run_count_;
  format_changed_ = false;
  return runs.back();
}

void Parser::put(char32_t code) {
  if (code < 32) return control(code);
  append_utf8(code, text_run().text);
}

void Parser::put_bytes(std::string_view bytes) {
  if (!bytes.empty()) text_run().text += bytes;
}

void Parser::control(char32_t code) {
  if (code == U'\t') return add_run(MTextRun::Kind::tab);
  if (code == U'\n') return new_paragraph();
  if (code == U'\r') {  // its line feed breaks the line
    const std::string_view rest = raw_.substr(at_);
    if (rest.starts_with('\n') || rest.starts_with("^J")) return;
  }
  text_run().text.push_back(' ');
}

void Parser::add_run(MTextRun::Kind kind) {
  if (run_count_ >= kMaxRuns) {
    text_run().text.push_back(kind == MTextRun::Kind::tab ? '\t' : '\n');
    return;
  }
  MTextRun run = state_.format;
  run.kind = kind;
  paragraphs_.back().runs.push_back(std::move(run));
  ++run_count_;
  format_changed_ = true;
}

void Parser::new_paragraph() {
  if (paragraphs_.size() >= kMaxRuns) {
    text_run().text.push_back('\n');
    return;
  }
  paragraphs_.push_back(state_.paragraph);
  format_changed_ = true;
}

void Parser::open_brace() {
  if (scopes_.size() < kMaxDepth) {
    scopes_.push_back(state_);
  } else {
    ++deeper_;
  }
}

void Parser::close_brace() {
  if (deeper_ > 0) {
    --deeper_;
  } else if (!scopes_.empty()) {
    state_ = std::move(scopes_.back());
    scopes_.pop_back();
    format_changed_ = true;
  }
}

bool Parser::format_code(char letter) {
  MTextRun& format = state_.format;
  if (letter == 'A') {
    std::uint64_t value = 0;
    const auto end = integer(at_ + 2, value);
    if (!end) return false;
    format.align = static_cast<std::uint8_t>(value <= 2 ? value : 0);
    at_ = *end;
    return true;
  }
  const auto parsed = number(at_ + 2);
  if (!parsed) return false;
  const double value = parsed->value;
  switch (letter) {
    case 'H':
      if (!parsed->relative) {
        format.absolute_height = clamp_scale(value);
        format.height = 1;
      } else if (format.absolute_height) {
        format.absolute_height = clamp_scale(*format.absolute_height * value);
      } else {
        format.height = clamp_scale(format.height * value);
      }
      break;
    case 'W':
      format.width_factor = clamp_scale(
          parsed->relative && format.width_factor_set ? format.width_factor * value : value);
      format.width_factor_set = true;
      break;
    case 'Q': format.oblique_deg = std::clamp(value, -85.0, 85.0); break;
    case 'T':
      format.tracking = clamp_scale(parsed->relative ? format.tracking * value : value);
      break;
    default: return false;
  }
  at_ = parsed->end;
  return true;
}

bool Parser::color_code(bool true_color) {
  std::uint64_t value = 0;
  const auto end = integer(at_ + 2, value);
  if (!end) return false;
  Color color;
  if (true_color) {
    color.kind = Color::Kind::rgb;
    color.rgb = {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8),
                 static_cast<std::uint8_t>(value >> 16)};
    state_.format.color = color;
  } else if (value <= 256) {
    color = Color::aci(static_cast<std::uint8_t>(value));
    if (value == 0) color = {Color::Kind::by_block, 7, {}};
    if (value == 256) color = {Color::Kind::by_layer, 7, {}};
    state_.format.color = color;
  }
  at_ = *end;
  return true;
}

// family|b0|i0|c0|p0; the code page and pitch say nothing to an outline font.
bool Parser::font_code(bool shx) {
  const std::size_t end = raw_.find(';', at_);
  if (end == std::string_view::npos) return false;
  std::string_view spec = raw_.substr(at_ + 2, end - at_ - 2);
  const std::string_view family = spec.substr(0, spec.find('|'));
  MTextRun& format = state_.format;
  if (!family.empty()) {
    format.font = family.substr(0, kMaxFontName);
    format.font_is_shx = shx;
    format.bold = format.italic = false;
  }
  for (std::size_t bar = spec.find('|'); bar != std::string_view::npos; bar = spec.find('|')) {
    spec.remove_prefix(bar + 1);
    if (family.empty() || spec.size() < 2) continue;
    const bool on = spec[1] == '1';
    if (spec[0] == 'b' || spec[0] == 'B') format.bold = on;
    if (spec[0] == 'i' || spec[0] == 'I') format.italic = on;
  }
  at_ = end + 1;
  return true;
}

bool Parser::paragraph_code() {
  const std::size_t end = raw_.find(';', at_);
  if (end == std::string_view::npos) return false;
  const std::string_view spec = raw_.substr(at_ + 2, end - at_ - 2);
  apply_paragraph_codes(spec, state_.paragraph);
  MTextParagraph current = state_.paragraph;
  current.runs = std::move(paragraphs_.back().runs);
  paragraphs_.back() = std::move(current);
  at_ = end + 1;
  return true;
}

// \S numerator (/|#|^|~) denominator; with backslash as the escape. Unterminated: to the end.
bool Parser::stack_code() {
  std::string parts[2];
  int part = 0;
  const std::string_view spec = raw_.substr(at_ + 2, raw_.find(';', at_) - at_ - 2);
  const bool usual_form = spec.find_first_of("/#^") != std::string_view::npos;
  char form = '/';
  std::size_t i = at_ + 2;
  for (; i < raw_.size() && raw_[i] != ';'; ++i) {
    char c = raw_[i];
    if (c == '\\' && i + 1 < raw_.size()) {
      const SpecialCode code = unicode_code(raw_.substr(i));
      if (code.length > 0) {
        append_utf8(code.code, parts[part]);
        i += code.length - 1;
        continue;
      }
      c = raw_[++i];
    } else if (c == '%' && percent_code(raw_.substr(i)).length > 0) {
      const SpecialCode code = percent_code(raw_.substr(i));
      append_utf8(code.code, parts[part]);
      i += code.length - 1;
      continue;
    } else if (part == 0 && (c == '/' || c == '#' || c == '^' || (c == '~' && !usual_form))) {
      form = c;
      part = 1;
      // A caret is stored as "^ ".
      if (c == '^' && i + 1 < raw_.size() && raw_[i + 1] == ' ') ++i;
      continue;
    }
    parts[part].push_back(static_cast<unsigned char>(c) < 32 ? ' ' : c);
  }
  at_ = std::min(i + 1, raw_.size());
  if (part == 0 || run_count_ >= kMaxRuns) {  // nothing to stack
    put_bytes(parts[0]);
    if (part == 1) put_bytes(form + parts[1]);
    return true;
  }
  add_run(MTextRun::Kind::stack);
  MTextRun& run = paragraphs_.back().runs.back();
  run.text = std::move(parts[0]);
  run.denominator = std::move(parts[1]);
  run.stack_form = form;
  return true;
}

bool Parser::character_code() {
  const char letter = raw_[at_ + 1];
  std::size_t length = 2;
  switch (letter) {
    case '\\':
    case '{':
    case '}': put_bytes(raw_.substr(at_ + 1, 1)); break;
    case '~': put(0x00A0); break;
    case 'P':
      at_ += length;
      new_paragraph();
      return true;
    case 'N': add_run(MTextRun::Kind::column_break); break;
    case 'X': add_run(MTextRun::Kind::line_break); break;
    case 'U':
    case 'u': {
      const SpecialCode code = unicode_code(raw_.substr(at_));
      if (code.length == 0) return false;
      put(code.code);
      length = code.length;
      break;
    }
    default: return false;
  }
  at_ += length;
  return true;
}

bool Parser::backslash_code() {
  if (at_ + 1 >= raw_.size()) return false;
  if (character_code()) return true;
  MTextRun& format = state_.format;
  const char letter = raw_[at_ + 1];
  switch (letter) {
    case 'L':
    case 'l': format.underline = letter == 'L'; break;
    case 'O':
    case 'o': format.overline = letter == 'O'; break;
    case 'K':
    case 'k': format.strike = letter == 'K'; break;
    case 'S': return stack_code();
    case 'A':
    case 'H':
    case 'W':
    case 'Q':
    case 'T':
      if (!format_code(letter)) return false;
      format_changed_ = true;
      return true;
    case 'C':
    case 'c':
      if (!color_code(letter == 'c')) return false;
      format_changed_ = true;
      return true;
    case 'F':
    case 'f':
      if (!font_code(letter == 'F')) return false;
      format_changed_ = true;
      return true;
    case 'p': return paragraph_code();
    default: return false;
  }
  format_changed_ = true;
  at_ += 2;
  return true;
}

bool is_special(char c) {
  return static_cast<unsigned char>(c) < 32 || c == '\\' || c == '{' || c == '}' || c == '%' ||
         c == '^';
}

std::vector<MTextParagraph> Parser::parse() {
  while (at_ < raw_.size()) {
    const std::size_t begin = at_;
    while (at_ < raw_.size() && !is_special(raw_[at_])) ++at_;
    put_bytes(raw_.substr(begin, at_ - begin));
    if (at_ == raw_.size()) break;
    const char c = raw_[at_];
    if (c == '\\') {
      if (backslash_code()) continue;
    } else if (c == '{') {
      open_brace();
      ++at_;
      continue;
    } else if (c == '}') {
      close_brace();
      ++at_;
      continue;
    } else {
      SpecialCode code{static_cast<char32_t>(static_cast<unsigned char>(c)), 1};
      if (c == '%') code = percent_code(raw_.substr(at_));
      if (c == '^') code = caret_code(raw_.substr(at_));
      if (code.length > 0) {
        at_ += code.length;
        put(code.code);
        continue;
      }
    }
    put_bytes(raw_.substr(at_, 1));
    ++at_;
  }
  draw_symbols();
  return std::move(paragraphs_);
}

// Letters of the symbol font become what they draw, so that text says what a reader sees.
void Parser::draw_symbols() {
  for (MTextParagraph& paragraph : paragraphs_) {
    for (MTextRun& run : paragraph.runs) {
      if (!is_gdt_font(run.font)) continue;
      run.text = gdt_symbols(run.text);
      run.denominator = gdt_symbols(run.denominator);
    }
  }
}

}  // namespace

std::vector<MTextParagraph> parse_mtext(std::string_view raw) { return Parser(raw).parse(); }

}  // namespace cad::text
