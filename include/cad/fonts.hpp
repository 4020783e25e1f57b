// SPDX-License-Identifier: Apache-2.0
// Public door: The open fonts that texts are drawn with; parse_to_parts() wants them.
#pragma once

#include "text/fonts.hpp"  // IWYU pragma: export
