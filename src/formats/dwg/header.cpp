// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/header.hpp"

namespace cad::dwg {

void read_header(Loader&) {}
void read_summary_info(Loader&) {}

}  // namespace cad::dwg
