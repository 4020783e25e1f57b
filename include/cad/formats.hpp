// SPDX-License-Identifier: Apache-2.0
// Public door: Which formats there are, recognizing them, reading a drawing.
#pragma once

#include "formats/format.hpp"  // IWYU pragma: export
