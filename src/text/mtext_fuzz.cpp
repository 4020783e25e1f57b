// SPDX-License-Identifier: Apache-2.0
// TEXT, MTEXT and TOLERANCE values: any bytes give text and a layout, in time and memory linear in
// their number.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "text/codes.hpp"
#include "text/layout.hpp"

namespace {

void check(const cad::text::LaidOutText& out, std::size_t max_glyphs) {
  std::size_t glyphs = 0;
  for (const auto& run : out.runs) glyphs += run.glyphs.size();
  if (glyphs > max_glyphs) std::abort();
  const bool finite = std::isfinite(out.box.min_x) && std::isfinite(out.box.max_x) &&
                      std::isfinite(out.box.min_y) && std::isfinite(out.box.max_y);
  if (!out.box.empty() && !finite) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  const auto decoded = cad::text::decode_text(raw);
  for (const auto& line : decoded.lines) {
    if (line.begin >= line.end || line.end > decoded.value.size()) std::abort();
  }
  if (cad::text::parse_mtext(raw).empty()) std::abort();
  // A letter of the symbol font becomes three bytes.
  if (cad::text::plain_mtext(raw).size() > 3 * size + 1) std::abort();
  if (cad::text::plain_tolerance(raw).size() > 3 * size + 1) std::abort();

  static const auto fonts = cad::text::FontLibrary::open_system_fonts();
  static const cad::Drawing drawing;
  cad::Limits limits;
  limits.max_glyphs = 5'000;
  cad::MText mtext;
  mtext.raw = raw;
  mtext.height = 1;
  mtext.width = size > 0 ? data[0] : 0;
  mtext.attachment = size > 1 ? data[1] : 1;
  if (size > 2 && data[2] % 4 == 0) {
    mtext.column_type = 2;
    mtext.column_count = data[2];
    mtext.column_width = mtext.width;
    mtext.column_heights = {5};
  }
  check(layout_mtext(mtext, drawing, *fonts, limits), limits.max_glyphs);
  cad::Text text;
  text.value = raw;
  text.height = 1;
  text.alignment_point = {static_cast<double>(size), 1, 0};
  text.has_alignment_point = true;
  text.halign = static_cast<cad::HAlign>(size % 6);
  check(layout_text(text, drawing, *fonts, limits), limits.max_glyphs);
  cad::Tolerance tolerance;
  tolerance.value = raw;
  check(layout_tolerance(tolerance, 1, drawing, *fonts, limits), limits.max_glyphs);
  return 0;
}
