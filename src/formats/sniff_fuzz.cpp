// SPDX-License-Identifier: Apache-2.0
// The gate's first look at a file: same bytes, same verdict; what is refused is refused with words.
#include <cstdlib>

#include "formats/format.hpp"
#include "formats/zip_head.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const cad::Bytes bytes = std::as_bytes(std::span(data, size));
  const auto first = cad::identify(bytes);
  const auto second = cad::identify(bytes);
  if (first.has_value() != second.has_value()) std::abort();
  if (first && (*first != *second || (*first)->read == nullptr)) std::abort();
  if (!first && first.error().message.empty()) std::abort();
  for (const std::string_view name : cad::read_zip_head(bytes).names)
    if (name.size() > size) std::abort();
  return 0;
}
