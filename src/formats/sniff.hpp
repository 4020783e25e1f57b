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

// ENCRYPTED_DRAWING where the first bytes already tell.
Result<void> admit_dwf(Bytes head);
Result<void> admit_dwfx(Bytes head);
Result<void> admit_pdf(Bytes head);

// What is no drawing, but something that people take for one or send with one: a sentence that says
// what it is and what to do instead. Empty: nothing that we know.
std::string_view explain_no_drawing(Bytes head);

}  // namespace cad
