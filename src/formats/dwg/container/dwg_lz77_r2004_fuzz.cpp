// SPDX-License-Identifier: Apache-2.0
// Any bytes as a compressed page, into less room than needed and into enough; and packed, which
// must unpack to the same.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "formats/dwg/container/lz77_r2004.hpp"
#include "formats/dwg/testing/lz77_r2004_packer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cad::dwg;
  const Bytes bytes = std::as_bytes(std::span(data, size));
  const Bytes packed = slice(bytes, 2, size);
  std::vector<std::byte> narrow(u16(bytes, 0)), wide(1u << 18);
  const Unpacked less = unpack_r2004(packed, narrow);
  const Unpacked more = unpack_r2004(packed, wide);
  if (less.produced > narrow.size() || less.consumed > packed.size()) std::abort();
  if (more.produced > packed.size() * kMostR2004Ratio) std::abort();
  // More room gives the same beginning.
  if (less.produced != std::min(narrow.size(), more.produced)) std::abort();
  if (!std::equal(wide.begin(), wide.begin() + static_cast<std::ptrdiff_t>(less.produced),
                  narrow.begin()))
    std::abort();
  if (less.whole && (!more.whole || more.produced != less.produced)) std::abort();

  if (size < 4) return 0;
  const std::vector<std::byte> again = testing::pack_r2004(bytes);
  std::vector<std::byte> out(size);
  const Unpacked back = unpack_r2004(again, out);
  if (!back.whole || back.produced != size || !std::ranges::equal(out, bytes)) std::abort();
  return 0;
}
