// SPDX-License-Identifier: Apache-2.0
// First bytes of the formats that have no room of their own yet.
#pragma once

#include "formats/format.hpp"

namespace cad {

Confidence sniff_dwf(Bytes head);
Confidence sniff_dwfx(Bytes head);
Confidence sniff_dgn_v7(Bytes head);
Confidence sniff_dgn_v8(Bytes head);
Confidence sniff_pdf(Bytes head);

}  // namespace cad
