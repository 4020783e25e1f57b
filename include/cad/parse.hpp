// SPDX-License-Identifier: Apache-2.0
// Public door: The whole job: bytes -> result document, pictures, scenes.
#pragma once

#include "pipeline/parse.hpp"  // IWYU pragma: export
