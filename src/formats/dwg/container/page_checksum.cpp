// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/page_checksum.hpp"

#include <libdeflate.h>

namespace cad::dwg {

std::uint32_t page_checksum(std::uint32_t seed, Bytes bytes) {
  if (bytes.empty()) return seed;
  return libdeflate_adler32(seed, bytes.data(), bytes.size());
}

}  // namespace cad::dwg
