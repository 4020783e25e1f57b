// SPDX-License-Identifier: Apache-2.0
#include "json/families.hpp"

namespace cad::json {
namespace {

void write_or_null(Writer& w, std::string_view value) { value.empty() ? w.null() : w.text(value); }

}  // namespace

void write_geometry(Scope& s, const Unknown& g) {
  s.w.key("className");
  write_or_null(s.w, g.class_name);
  s.w.key("applicationName");
  write_or_null(s.w, g.app_name);
  s.w.flag("isProxy", g.is_proxy);
}

}  // namespace cad::json
