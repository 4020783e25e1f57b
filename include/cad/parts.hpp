// SPDX-License-Identifier: Apache-2.0
// Public door: What parsing produces, and where it goes.
#pragma once

#include "base/parts.hpp"  // IWYU pragma: export
