// SPDX-License-Identifier: Apache-2.0
// Extended data and extension dictionary values of an entity:
//   "xdata":{"APP":[{"code":1000,"value":...}]},"extension":{"key":"value" or ["value", ...]}
#pragma once

#include "json/writer.hpp"
#include "model/drawing.hpp"

namespace cad::json {

bool has_extra(const Drawing& drawing, const Entity& entity);
// Writes the members that the entity has, as members of the object that is open.
void write_extra(Writer& w, const Drawing& drawing, const Entity& entity);

}  // namespace cad::json
