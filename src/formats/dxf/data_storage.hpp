// SPDX-License-Identifier: Apache-2.0
// Section ACDSDATA (2013 and later): the binary ACIS data of solids, by the handle of the entity.
#pragma once

#include "formats/dxf/loader.hpp"

namespace cad::dxf {

void read_data_storage(Loader& loader);

// After the last section: gives the solids their data and the wireframe in it.
void attach_solid_data(Loader& loader);

}  // namespace cad::dxf
