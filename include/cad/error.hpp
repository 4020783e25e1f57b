// SPDX-License-Identifier: Apache-2.0
// Public door: Errors as values: Error, ErrorCode, Result<T>.
#pragma once

#include "base/result.hpp"  // IWYU pragma: export
