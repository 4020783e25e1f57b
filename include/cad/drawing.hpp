// SPDX-License-Identifier: Apache-2.0
// Public door: The drawing as values.
#pragma once

#include "model/drawing.hpp"  // IWYU pragma: export
