// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "formats/dwg/bytes.hpp"

namespace cad::dwg {

// The "8-bit CRC" of ODA 2.14.1: the reflected CRC-16 of polynomial 0xA001, started with `seed`
// (0xC0C1 for objects, the object map, header variables and classes).
std::uint16_t crc16(std::uint16_t seed, Bytes bytes);

inline constexpr std::uint16_t kCrcSeed = 0xC0C1;

}  // namespace cad::dwg
