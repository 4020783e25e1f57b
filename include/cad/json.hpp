// SPDX-License-Identifier: Apache-2.0
// Public door: A drawing -> the result document.
#pragma once

#include "json/write.hpp"  // IWYU pragma: export
