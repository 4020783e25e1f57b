// SPDX-License-Identifier: Apache-2.0
// What AcDb:Header and AcDb:Classes have around their data: sentinel, size, checksum (ODA 9, 10).
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "base/diagnostics.hpp"
#include "formats/dwg/bit_cursor.hpp"
#include "formats/dwg/container/sections.hpp"
#include "formats/dwg/object_in.hpp"

namespace cad::dwg {

using Sentinel = std::array<std::uint8_t, 16>;
inline constexpr Sentinel kHeaderSentinel{0xCF, 0x7B, 0x1F, 0x23, 0xFD, 0xDE, 0x38, 0xA9,
                                          0x5F, 0x7C, 0x68, 0xB8, 0x4E, 0x6D, 0x33, 0x5F};
inline constexpr Sentinel kClassesSentinel{0x8D, 0xA1, 0xC4, 0xB8, 0xC4, 0xA9, 0xF8, 0xC5,
                                           0xC0, 0xDC, 0xF4, 0x5F, 0xE7, 0xCF, 0xB6, 0x8A};

struct SectionFrame {
  BitCursor data, strings, handles;  // before 2007 only data; handles then follow in it
};

// None (and a warning that names the section) when there is nothing to read.
std::optional<SectionFrame> open_section_frame(Bytes section, const Sentinel& sentinel,
                                               const FileHead& head, std::string_view name,
                                               Diagnostics& diagnostics);

}  // namespace cad::dwg
