// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.hpp"

namespace cad::store {

// INVALID_ARGUMENT for a text that no database keeps as it is: one with a NUL, or not UTF-8.
Result<void> check_texts(const Values& values);

}  // namespace cad::store
