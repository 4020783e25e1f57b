// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace cad::cli {

// For a terminal: names of files, layers and keys may hold anything, also what would steer it.
std::string printable(std::string_view text);

}  // namespace cad::cli
