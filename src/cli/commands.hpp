// SPDX-License-Identifier: Apache-2.0
// Each command adds itself to the command line; run, it leaves its exit code.
#pragma once

#include <CLI/App.hpp>

namespace cad::cli {

void add_parse(CLI::App& app, int& exit_code);
void add_inspect(CLI::App& app, int& exit_code);
void add_formats(CLI::App& app, int& exit_code);
// In serve/, where the service is built:
void add_serve(CLI::App& app, int& exit_code);
void add_backup(CLI::App& app, int& exit_code);
void add_restore(CLI::App& app, int& exit_code);
void add_admin(CLI::App& app, int& exit_code);
void add_health(CLI::App& app, int& exit_code);

}  // namespace cad::cli
