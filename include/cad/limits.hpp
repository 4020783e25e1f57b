// SPDX-License-Identifier: Apache-2.0
// Public door: What bounds the work on one drawing.
#pragma once

#include "base/limits.hpp"  // IWYU pragma: export
