// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/census.hpp"

namespace cad::dwg {

// Everything behind the index of objects: header variables, tables, objects, entities, links. The
// drawing is then complete.
Census read_indexed(Loader& loader);

}  // namespace cad::dwg
