// SPDX-License-Identifier: Apache-2.0
// Any bytes as a compressed page, within a size that the first two bytes give.
#include <cstdint>
#include <cstdlib>

#include "formats/dwg/container/lz77_r2007.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cad::dwg;
  const Bytes bytes = std::as_bytes(std::span(data, size));
  const std::size_t at_most = u16(bytes, 0) * std::size_t{4};
  std::vector<std::byte> out(5), longer;
  const bool whole = decompress_r2007(slice(bytes, 2, size), at_most, out);
  if (out.size() < 5 || out.size() - 5 > at_most) std::abort();
  // A higher limit gives the same beginning.
  const bool whole_too = decompress_r2007(slice(bytes, 2, size), 1u << 20, longer);
  if (whole && (!whole_too || longer.size() != out.size() - 5)) std::abort();
  if (longer.size() < out.size() - 5 || !std::equal(out.begin() + 5, out.end(), longer.begin()))
    std::abort();
  return 0;
}
