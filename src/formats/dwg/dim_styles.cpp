// SPDX-License-Identifier: Apache-2.0
// DIMSTYLE (ODA 20.4.68).
#include "formats/dwg/tables.hpp"

namespace cad::dwg {

void read_dim_style(ObjectIn&, DimStyle&) {}

}  // namespace cad::dwg
