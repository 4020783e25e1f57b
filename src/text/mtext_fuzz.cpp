// SPDX-License-Identifier: Apache-2.0
// TEXT and MTEXT codes: any bytes give text, in time and memory linear in their number.
#include <cstdint>
#include <cstdlib>

#include "text/codes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  const auto decoded = cad::text::decode_text(raw);
  for (const auto& line : decoded.lines) {
    if (line.begin >= line.end || line.end > decoded.value.size()) std::abort();
  }
  if (cad::text::parse_mtext(raw).empty()) std::abort();
  // A special code of two bytes may become three; nothing else grows.
  if (cad::text::plain_mtext(raw).size() > 2 * size + 1) std::abort();
  return 0;
}
