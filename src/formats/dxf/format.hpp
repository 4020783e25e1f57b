// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/format.hpp"

namespace cad::dxf {

Confidence sniff(Bytes head);
// Errors: NOT_A_DRAWING (no DXF), DAMAGED_DRAWING (DXF, but nothing in it can be read).
Result<Drawing> read(Bytes file, const ReadContext& context);

}  // namespace cad::dxf
