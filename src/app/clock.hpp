// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "store/records.hpp"

namespace cad::app {

store::UnixMs system_now();

// The system's clock. With `offset_file`, for tests of what happens in hours and days: moved on by
// the seconds that this file holds at the moment; never back, so that nothing lives longer by it.
std::function<store::UnixMs()> make_clock(const std::string& offset_file);

}  // namespace cad::app
