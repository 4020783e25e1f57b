// SPDX-License-Identifier: Apache-2.0
// Where a test finds the project's files and the programs built beside it. In a file of its own, so
// that no other object depends on the folder it was built in and every clone shares one compiler
// cache.
#pragma once

#include <string>

namespace cad::test_paths {

extern const std::string source_dir;
extern const std::string binary_dir;

}  // namespace cad::test_paths
