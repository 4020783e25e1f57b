// SPDX-License-Identifier: Apache-2.0
#include "text/font_names.hpp"

#include <algorithm>

namespace cad::text {
namespace {

constexpr std::size_t kMaxName = 64;

// Lower case, last path component, without blanks, '_', '-', and a leading '@' (vertical fonts).
std::string simplified(std::string_view name) {
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string out;
  for (const char c : name.substr(0, kMaxName)) {
    if (c == ' ' || c == '_' || c == '-' || c == '@') continue;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return out;
}

bool take_suffix(std::string& name, std::string_view suffix) {
  if (name.size() <= suffix.size() || !name.ends_with(suffix)) return false;
  name.resize(name.size() - suffix.size());
  return true;
}

bool remove_word(std::string& name, std::string_view word) {
  const std::size_t at = name.find(word);
  if (at == std::string::npos) return false;
  name.erase(at, word.size());
  return true;
}

bool has(std::string_view name, std::string_view word) {
  return name.find(word) != std::string_view::npos;
}

bool find_shx(std::string_view name, FontWish& wish) {
  const auto row = std::find_if(kShxFonts.begin(), kShxFonts.end(),
                                [&](const ShxRow& r) { return r.name == name; });
  if (row == kShxFonts.end()) return false;
  wish = {row->stand_in, 0,   row->cells->descent / row->cells->cap, row->cells, row->bold,
          row->italic,   true};
  return true;
}

bool find_family(std::string_view name, FontWish& wish) {
  const auto row = std::find_if(kFamilies.begin(), kFamilies.end(),
                                [&](const FamilyRow& r) { return r.name == name; });
  if (row == kFamilies.end()) return false;
  wish = {row->stand_in, double{row->digit}, double{row->descent}, nullptr, row->bold, row->italic,
          true};
  return true;
}

FontWish guess_family(std::string_view name) {
  FontWish wish;
  if (has(name, "mono") || has(name, "courier") || has(name, "code") || has(name, "consol")) {
    wish.stand_in = StandIn::mono;
  } else if (has(name, "serif") ? !has(name, "sans")
                                : has(name, "roman") || has(name, "times") || has(name, "ming") ||
                                      has(name, "mincho") || has(name, "song")) {
    wish.stand_in = StandIn::serif;
  }
  if (has(name, "narrow") || has(name, "cond")) wish.digit = double{kNarrowDigit};
  return wish;
}

}  // namespace

FontWish find_font(std::string_view family_or_file) {
  std::string name = simplified(family_or_file);
  FontWish wish;
  const bool shx = take_suffix(name, ".shx");
  const bool outline = take_suffix(name, ".ttf") || take_suffix(name, ".ttc") ||
                       take_suffix(name, ".otf") || take_suffix(name, ".fon");
  if (name.empty()) name = "txt";
  if (!outline && find_shx(name, wish)) return wish;
  if (shx) {
    wish.shx = &kSimplexCells;
    wish.descent = kSimplexCells.descent / kSimplexCells.cap;
    return wish;
  }
  if (find_family(name, wish)) return wish;
  const bool bold = remove_word(name, "bold");
  const bool italic = remove_word(name, "italic") || remove_word(name, "oblique");
  remove_word(name, "regular");
  // Autodesk ships its SHX fonts as TrueType, too: romans__.ttf, simplex_.ttf.
  if (!find_family(name, wish) && !find_shx(name, wish)) wish = guess_family(name);
  wish.bold |= bold;
  wish.italic |= italic;
  return wish;
}

}  // namespace cad::text
