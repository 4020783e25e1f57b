// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/unknown.hpp"

#include <utility>

namespace cad::dwg {
namespace {

void name_class(Unknown& unknown, const ClassInfo* info) {
  if (info == nullptr) return;
  unknown.class_name = info->class_name;
  unknown.app_name = info->app_name;
}

}  // namespace

Unknown read_unknown(EntityIn& in) {
  Unknown unknown;
  unknown.type = std::string(in.type());
  name_class(unknown, in.info());
  if (in.info() != nullptr) unknown.class_id = in.info()->number;
  unknown.graphics = in.graphics();
  return unknown;
}

// ODA 20.4.90. Behind the class come the bits of the entity's own class.
Geometry read_proxy(EntityIn& in) {
  Unknown unknown = read_unknown(in);
  unknown.is_proxy = true;
  unknown.class_id = in.bl();
  name_class(unknown, in.loader().class_numbered(unknown.class_id));
  for (BitCursor* const rest : {static_cast<BitCursor*>(&in), &in.strings(), &in.handles()})
    rest->skip(rest->bits_left());
  return Indirect<Unknown>(std::move(unknown));
}

}  // namespace cad::dwg
