// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/unknown.hpp"

namespace cad::dwg {

Unknown read_unknown(EntityIn& in) {
  Unknown unknown;
  unknown.type = std::string(in.type());
  if (const ClassInfo* const info = in.info()) {
    unknown.class_name = info->class_name;
    unknown.app_name = info->app_name;
    unknown.class_id = info->number;
  }
  unknown.graphics = in.graphics();
  return unknown;
}

}  // namespace cad::dwg
