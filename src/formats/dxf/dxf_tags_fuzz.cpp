// SPDX-License-Identifier: Apache-2.0
// The cursor in all three encodings: every group asked for in every way.
#include <cstdint>
#include <cstdlib>

#include "formats/dxf/tags.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cad;
  using dxf::Encoding;
  Limits limits;
  limits.max_coordinate = 1e12;
  for (const Encoding encoding : {Encoding::ascii, Encoding::binary_r12, Encoding::binary}) {
    Diagnostics diagnostics(20);
    dxf::TagCursor tags(std::as_bytes(std::span(data, size)), encoding, limits, diagnostics);
    std::string chunk;
    std::size_t groups = 0;
    while (tags.next()) {
      const double number = tags.number();
      if (!(number <= limits.max_coordinate && number >= -limits.max_coordinate)) std::abort();
      if (!std::isfinite(tags.real())) std::abort();
      static_cast<void>(tags.integer());
      static_cast<void>(tags.handle());
      if (tags.raw().size() > size) std::abort();
      chunk.clear();
      tags.append_binary(chunk);
      if (chunk.size() > size) std::abort();
      if (++groups > size) std::abort();  // every group takes at least a byte
      if (groups % 7 == 0) {
        const int code = tags.code();
        tags.push_back();
        if (!tags.next() || tags.code() != code) std::abort();
      }
      if (groups % 13 == 0) {
        const auto offset = tags.offset();
        tags.seek(tags.mark());
        if (!tags.next() || tags.offset() < offset) std::abort();
      }
    }
    if (tags.next() || tags.code() != 0 || !tags.raw().empty()) std::abort();
  }
  return 0;
}
