// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/unknown.hpp"

#include <utility>

#include "formats/dxf/fields.hpp"
#include "formats/dxf/loader.hpp"

namespace cad::dxf {
namespace {

// Graphics are announced by their size (92, or 160 from 2010 on) and come in groups 310, before
// the entity's own data, which uses 310 again behind 93 or 161. Both the common part and
// AcDbProxyEntity may have them: the first ones are kept.
struct GraphicsReader {
  EntityTags& in;
  std::string bytes{};
  bool open = false;

  void take_group() {
    switch (in.code()) {
      case 92:
      case 160: open = bytes.empty(); break;
      case 93:
      case 161: open = false; break;
      case 310:
        if (open && bytes.size() < in.limits().max_embedded_bytes) in.append_binary(bytes);
        break;
      default: break;
    }
  }
};

void name_class(Unknown& u, const ClassInfo* info) {
  if (info == nullptr) return;
  u.class_name = info->class_name;
  u.app_name = info->app_name;
}

}  // namespace

Geometry read_unknown(EntityTags& in) {
  Unknown u;
  u.type = std::string(in.type());
  name_class(u, in.loader().class_named(in.type()));
  GraphicsReader graphics{in};
  while (in.next())
    if (in.subclass() == "AcDbEntity") graphics.take_group();
  u.graphics.assign(graphics.bytes.begin(), graphics.bytes.end());
  return Indirect<Unknown>(std::move(u));
}

Geometry read_proxy(EntityTags& in) {
  Unknown u;
  u.type = std::string(in.type());
  u.is_proxy = true;
  GraphicsReader graphics{in};
  while (in.next()) {
    if (in.code() == 91) u.class_id = integer_as<std::int32_t>(in);
    graphics.take_group();
  }
  name_class(u, in.loader().class_of_id(u.class_id));
  u.graphics.assign(graphics.bytes.begin(), graphics.bytes.end());
  return Indirect<Unknown>(std::move(u));
}

}  // namespace cad::dxf
