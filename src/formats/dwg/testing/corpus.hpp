// SPDX-License-Identifier: Apache-2.0
// Other programs' drawings, for tests: in $CADLENS_CORPUS or beside the project.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "formats/dwg/bytes.hpp"

namespace cad::dwg::testing {

// The DWG files of the corpus by path; empty when there is no corpus. `project` is the project's
// folder (source_dir of test_paths.hpp).
std::vector<std::filesystem::path> corpus_drawings(const std::filesystem::path& project);

std::vector<std::byte> read_file(const std::filesystem::path& path);

// Where the corpus must be there: a missing one is a failure, not a reason to skip.
bool corpus_is_required();

}  // namespace cad::dwg::testing
