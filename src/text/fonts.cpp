// SPDX-License-Identifier: Apache-2.0
#include "text/fonts.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>

#include "text/face.hpp"
#include "text/font_names.hpp"
#include "text/shaper.hpp"
#include "text/symbol_face.hpp"

namespace cad::text {
namespace {

struct FontFile {
  std::string_view name;
  const char* path;
};

constexpr std::size_t kFileCount = 15;
// Debian: fonts-liberation2, fonts-dejavu-core, fonts-droid-fallback. Four styles for each of
// StandIn's first three, in its order: regular, bold, italic, bold italic.
constexpr std::array<FontFile, kFileCount> kFontFiles = {{
    {"Liberation Sans", "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf"},
    {"Liberation Sans", "/usr/share/fonts/truetype/liberation2/LiberationSans-Bold.ttf"},
    {"Liberation Sans", "/usr/share/fonts/truetype/liberation2/LiberationSans-Italic.ttf"},
    {"Liberation Sans", "/usr/share/fonts/truetype/liberation2/LiberationSans-BoldItalic.ttf"},
    {"Liberation Serif", "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"},
    {"Liberation Serif", "/usr/share/fonts/truetype/liberation2/LiberationSerif-Bold.ttf"},
    {"Liberation Serif", "/usr/share/fonts/truetype/liberation2/LiberationSerif-Italic.ttf"},
    {"Liberation Serif", "/usr/share/fonts/truetype/liberation2/LiberationSerif-BoldItalic.ttf"},
    {"Liberation Mono", "/usr/share/fonts/truetype/liberation2/LiberationMono-Regular.ttf"},
    {"Liberation Mono", "/usr/share/fonts/truetype/liberation2/LiberationMono-Bold.ttf"},
    {"Liberation Mono", "/usr/share/fonts/truetype/liberation2/LiberationMono-Italic.ttf"},
    {"Liberation Mono", "/usr/share/fonts/truetype/liberation2/LiberationMono-BoldItalic.ttf"},
    {"DejaVu Sans", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"},
    {"DejaVu Sans", "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"},
    {"Droid Sans Fallback", "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"},
}};
constexpr std::size_t kWide = 12, kFallback = 14;

std::size_t file_of(StandIn stand_in, bool bold, bool italic) {
  if (stand_in == StandIn::wide) return kWide + (bold ? 1 : 0);
  return static_cast<std::size_t>(stand_in) * 4 + (bold ? 1 : 0) + (italic ? 2 : 0);
}

class SystemFonts final : public FontLibrary {
 public:
  SystemFonts();
  FontChoice choose(const TextStyle& style) override;
  FontChoice choose(std::string_view family_or_file, bool bold, bool italic) override;
  ShapedText shape(const FontChoice& font, std::string_view utf8, std::size_t max_glyphs) override {
    return shaper_.shape(font, utf8, max_glyphs);
  }
  const std::vector<const Face*>& faces() const override { return faces_; }

 private:
  FontChoice make_choice(const FontWish& wish) const;

  std::array<std::unique_ptr<FontFace>, kFileCount> files_;  // null: not installed
  std::unique_ptr<SymbolFace> symbols_;
  std::vector<const Face*> faces_;
  std::unordered_map<std::string, FontChoice> choices_;
  std::string key_;
  Shaper shaper_;
};

SystemFonts::SystemFonts() {
  for (std::size_t i = 0; i < kFileCount; ++i) {
    const int descriptor = open(kFontFiles[i].path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) continue;
    struct stat status {};
    const bool usable = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
                        status.st_size > 0 &&
                        status.st_size < std::numeric_limits<std::int32_t>::max();
    if (!usable) {
      close(descriptor);
      continue;
    }
    files_[i] =
        std::make_unique<FontFace>(static_cast<std::uint32_t>(faces_.size()), kFontFiles[i].name,
                                   descriptor, static_cast<std::size_t>(status.st_size));
    faces_.push_back(files_[i].get());
  }
  symbols_ = std::make_unique<SymbolFace>(static_cast<std::uint32_t>(faces_.size()));
  faces_.push_back(symbols_.get());
}

FontChoice SystemFonts::make_choice(const FontWish& wish) const {
  FontChoice choice;
  const auto add = [&](std::size_t file) {
    if (files_[file] && std::find(choice.faces.begin(), choice.faces.end(), files_[file].get()) ==
                            choice.faces.end()) {
      choice.faces.push_back(files_[file].get());
    }
  };
  add(file_of(wish.stand_in, wish.bold, wish.italic));
  const bool exact = !choice.faces.empty();
  add(file_of(wish.stand_in, false, false));
  add(file_of(StandIn::wide, wish.bold, false));
  add(file_of(StandIn::wide, false, false));
  add(kFallback);
  add(file_of(StandIn::sans, false, false));
  choice.substituted = !wish.known;
  choice.shx = wish.shx;
  choice.synthetic_bold = wish.bold && !exact;
  choice.synthetic_italic = wish.italic && (!exact || wish.stand_in == StandIn::wide);
  if (choice.faces.empty()) return choice;
  choice.faces.push_back(symbols_.get());
  const auto& first = static_cast<const FontFace&>(*choice.faces.front());
  const double own_digit = double{first.ascii()['0' - 32].advance} / first.cap_height();
  if (wish.digit > 0 && own_digit > 0) choice.width_scale = wish.digit / own_digit;
  choice.descent = wish.descent > 0 ? wish.descent : first.descent() / first.cap_height();
  return choice;
}

FontChoice SystemFonts::choose(std::string_view family_or_file, bool bold, bool italic) {
  key_.assign(1, static_cast<char>('0' + (bold ? 1 : 0) + (italic ? 2 : 0)));
  key_ += family_or_file.substr(0, 256);
  if (const auto found = choices_.find(key_); found != choices_.end()) return found->second;
  FontWish wish = find_font(family_or_file);
  wish.bold |= bold;
  wish.italic |= italic;
  // A drawing may name any number of fonts; a few are kept.
  constexpr std::size_t kMaxChoices = 1000;
  FontChoice choice = make_choice(wish);
  if (choices_.size() < kMaxChoices) choices_.emplace(key_, choice);
  return choice;
}

FontChoice SystemFonts::choose(const TextStyle& style) {
  if (!style.font_family.empty()) return choose(style.font_family, style.bold, style.italic);
  const bool bare = style.font_file.find('.') == std::string::npos;
  // A big font makes it an SHX style, whatever the file is called.
  if (bare && !style.big_font_file.empty() && !style.font_file.empty()) {
    return choose(style.font_file + ".shx", style.bold, style.italic);
  }
  return choose(style.font_file, style.bold, style.italic);
}

}  // namespace

std::unique_ptr<FontLibrary> FontLibrary::open_system_fonts() {
  return std::make_unique<SystemFonts>();
}

}  // namespace cad::text
