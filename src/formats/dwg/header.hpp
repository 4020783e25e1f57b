// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/loader.hpp"

namespace cad::dwg {

// AcDb:Header (ODA chapter 9) and AcDb:Template into Drawing::header.
void read_header(Loader& loader);

// AcDb:SummaryInfo: title, author, dates (ODA chapter 13).
void read_summary_info(Loader& loader);

}  // namespace cad::dwg
