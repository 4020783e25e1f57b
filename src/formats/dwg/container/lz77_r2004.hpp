// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "formats/dwg/bytes.hpp"

namespace cad::dwg {

struct Unpacked {
  std::size_t produced = 0;  // bytes at the front of the output that are what the input says
  std::size_t consumed = 0;  // bytes of the input, its end mark included
  bool whole = false;        // the end mark was reached
};

// Decompresses R2004's variation of LZ77 (ODA 4.7) into `out`, never past it. On damage, or when
// `out` is full, it stops: what was produced until then counts. Bytes of `out` behind `produced`
// are left in an unspecified state.
Unpacked unpack_r2004(Bytes in, std::span<std::byte> out);

// No input unpacks to more than this times its size (a length byte of 0 adds 255 bytes).
inline constexpr std::size_t kMostR2004Ratio = 256;

}  // namespace cad::dwg
