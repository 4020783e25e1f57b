// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/encoding.hpp"
#include "formats/dwg/bytes.hpp"
#include "formats/dwg/version.hpp"

namespace cad::dwg {

struct ClassInfo {
  std::uint16_t number = 0;  // an object's type code; the first is 500
  std::uint16_t proxy_flags = 0;
  std::string dxf_name, class_name, app_name;
  bool was_proxy = false;
  bool is_entity = false;
};

// AcDb:Classes (ODA chapter 10): what applications define beyond the fixed types.
std::vector<ClassInfo> read_classes(Bytes section, const FileHead& head, const CadText& encoding,
                                    Diagnostics& diagnostics);

}  // namespace cad::dwg
