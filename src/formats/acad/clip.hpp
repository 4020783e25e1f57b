// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/vec.hpp"

namespace cad::acad {

// Clip polygons are closed; DXF says so by repeating the first point, which DWG leaves out.
inline void drop_closing_point(std::vector<Vec2>& polygon) {
  if (polygon.size() > 3 && polygon.front() == polygon.back()) polygon.pop_back();
}

}  // namespace cad::acad
