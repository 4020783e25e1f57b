// SPDX-License-Identifier: Apache-2.0
#include "formats/sniff.hpp"

#include <algorithm>
#include <string>

namespace cad {
namespace {

std::string_view text_of(Bytes head) {
  return {reinterpret_cast<const char*>(head.data()), head.size()};
}

}  // namespace

// "(DWF V06.00)", and the single sheets inside: "(W2D V06.00)".
Confidence sniff_dwf(Bytes head) {
  const std::string_view text = text_of(head);
  const bool named = text.starts_with("(DWF V") || text.starts_with("(W2D V");
  return named && text.size() >= 12 && text[11] == ')' ? Confidence::sure : Confidence::no;
}

// A zip package whose first entries belong to a DWF document sequence.
Confidence sniff_dwfx(Bytes head) {
  const std::string_view text = text_of(head);
  if (!text.starts_with("PK\x03\x04")) return Confidence::no;
  return text.find("dwf/") != std::string_view::npos ||
                 text.find("DWFDocument") != std::string_view::npos
             ? Confidence::sure
             : Confidence::no;
}

// The first element is the TCB: type 9 at level 8, 766 words long (0x02FE).
Confidence sniff_dgn_v7(Bytes head) {
  if (head.size() < 4) return Confidence::no;
  const auto at = [&head](std::size_t i) { return std::to_integer<unsigned>(head[i]); };
  return (at(0) == 0x08 || at(0) == 0xC8) && at(1) == 0x09 && at(2) == 0xFE && at(3) == 0x02
             ? Confidence::sure
             : Confidence::no;
}

// A compound file with a stream or storage named "Dgn...".
Confidence sniff_dgn_v8(Bytes head) {
  const std::string_view text = text_of(head);
  if (!text.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return Confidence::no;
  using namespace std::string_view_literals;
  return text.find("D\0g\0n\0"sv) != std::string_view::npos ? Confidence::sure : Confidence::no;
}

// The header may stand behind some bytes of junk (ISO 32000-1, H.3 note 13).
Confidence sniff_pdf(Bytes head) {
  const std::string_view text = text_of(head.first(std::min<std::size_t>(head.size(), 1024)));
  return text.find("%PDF-") != std::string_view::npos ? Confidence::sure : Confidence::no;
}

}  // namespace cad
