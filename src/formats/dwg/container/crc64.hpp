// SPDX-License-Identifier: Apache-2.0
// The checks of R2007: two flavors of 64-bit CRC (ODA 5.12), the checksum of a data page (5.4.1),
// and the generator that fills unused bytes (5.11).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "formats/dwg/bytes.hpp"

namespace cad::dwg {

// What a CRC starts with is made of a seed and the count of bytes that it goes over.
std::uint64_t crc64_seed1(std::uint64_t seed, std::size_t bytes);
std::uint64_t crc64_seed2(std::uint64_t seed, std::size_t bytes);

// 5.12.1: most significant bit first, inverted at the end. `crc`: from a crc64_seed.
std::uint64_t crc64_normal(std::uint64_t crc, Bytes bytes);
// 5.12.2: least significant bit first, not inverted.
std::uint64_t crc64_mirrored(std::uint64_t crc, Bytes bytes);

// Of a data page's decompressed bytes, seed 0.
std::uint32_t page_checksum_r2007(Bytes bytes);

// The first bytes of the padding that belongs to a file's random seed: they fill the last
// Reed-Solomon word of a page, where the page itself may leave them out.
using Padding = std::array<std::byte, 512>;
Padding padding_of(std::uint64_t random_seed);

}  // namespace cad::dwg
