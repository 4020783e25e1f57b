// SPDX-License-Identifier: Apache-2.0
// DWG: the door of the room.
#pragma once

#include "formats/format.hpp"

namespace cad::dwg {

struct Audit;

Confidence sniff(Bytes head);
// Refuses releases that are not read and drawings with a password.
Result<void> admit(Bytes head);
Result<Drawing> read(Bytes file, const ReadContext& context);
// The same, and what became of each object (census.hpp).
Result<Drawing> read(Bytes file, const ReadContext& context, Audit& audit);

}  // namespace cad::dwg
