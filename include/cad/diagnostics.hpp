// SPDX-License-Identifier: Apache-2.0
// Public door: Damage as data: what could not be read, repaired or drawn.
#pragma once

#include "base/diagnostics.hpp"  // IWYU pragma: export
