// SPDX-License-Identifier: Apache-2.0
// What both programs, cadlens and cadlens-service, do around their commands.
#pragma once

#include <CLI/App.hpp>
#include <functional>

namespace cad::cli {

// Parses the command line with the commands that `add` adds and runs one; errors become one line on
// stderr. Gives the exit code.
int run_program(int argc, char** argv, const std::function<void(CLI::App&, int& exit_code)>& add);

}  // namespace cad::cli
