// SPDX-License-Identifier: Apache-2.0
// Jobs as the operator looks at them, beside a running server.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/records.hpp"

namespace cad::app {

// Jobs that were given up because they brought down whoever ran them, the latest first. NOT_FOUND:
// there is no database in `data`.
Result<std::vector<store::Job>> list_dead(const std::string& data, std::int64_t limit);

}  // namespace cad::app
