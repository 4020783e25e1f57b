// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "formats/dwg/bytes.hpp"

namespace cad::dwg {

// In the order of their making, so that "from 2004 on" is `version >= Version::r2004`.
enum class Version : std::uint8_t { r13, r14, r2000, r2004, r2007, r2010, r2013, r2018 };

std::string_view code_of(Version version);     // "AC1032"
std::string_view release_of(Version version);  // "2018"

// What the first 0x20 bytes of every file say in the clear (ODA 3.2, 4.1, 5.2).
struct FileHead {
  Version version = Version::r2000;
  std::uint8_t maintenance = 0;       // 0x0B
  std::uint32_t preview_address = 0;  // 0x0D, 0 = none
  std::uint16_t code_page_index = 0;  // 0x13, 30 = ANSI_1252
  std::uint32_t security_flags = 0;  // 0x18, from 2004 on: 1 data encrypted, 2 properties encrypted
};

// The version of a file's first six bytes; none for releases that are not read.
std::optional<Version> version_of(Bytes head);

}  // namespace cad::dwg
