// SPDX-License-Identifier: Apache-2.0
// `cadlens admin TOPIC`: what the operator does beside the running service, one file a topic.
#pragma once

#include <CLI/App.hpp>

namespace cad::cli {

void add_admin_keys(CLI::App& admin, int& exit_code);

}  // namespace cad::cli
