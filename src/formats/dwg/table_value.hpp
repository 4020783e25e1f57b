// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "formats/dwg/object_in.hpp"

namespace cad::dwg {

// A value of a cell, a field or a custom property: as it is shown, else its text.
std::string read_value(ObjectIn& in);

}  // namespace cad::dwg
