// SPDX-License-Identifier: Apache-2.0
// The section of solids' data: any bytes give no more bytes than they are, each of them a solid's.
#include <cstdint>
#include <cstdlib>

#include "formats/dwg/data_storage.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto storage = cad::dwg::parse_data_storage(std::as_bytes(std::span(data, size)));
  std::size_t kept = 0;
  for (const auto& [handle, bytes] : storage.solids) {
    kept += bytes.size();
    if (handle == 0 || bytes.find("BinaryFile") > 5) std::abort();
  }
  if (kept > size) std::abort();
  return 0;
}
