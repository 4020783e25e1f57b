// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "s3/xml.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto root = cad::s3::parse_xml(text);
  // What is read, written and read again is the same.
  if (root &&
      cad::s3::parse_xml("<a>" + cad::s3::xml_escape(root->text) + "</a>")->text != root->text)
    __builtin_trap();
  return 0;
}
