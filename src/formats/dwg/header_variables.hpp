// SPDX-License-Identifier: Apache-2.0
// The variables of AcDb:Header in stream order (ODA chapter 9).
#pragma once

#include "formats/dwg/section_frame.hpp"
#include "model/drawing.hpp"

namespace cad::dwg {

struct HeaderVariables {
  Header header;         // all but what other sections and tables know
  Handle dim_style = 0;  // the current one
};

// Reads to the end of the data; the frame's cursors tell whether that was exactly its end.
HeaderVariables read_header_variables(SectionFrame& frame, Version version);

}  // namespace cad::dwg
