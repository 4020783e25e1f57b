// SPDX-License-Identifier: Apache-2.0
// cadlens-service: see cli/service.hpp. People call it as `cadlens serve`, `cadlens backup` ...
#include "cli/commands.hpp"
#include "cli/program.hpp"

int main(int argc, char** argv) {
  return cad::cli::run_program(argc, argv, [](CLI::App& app, int& exit_code) {
    cad::cli::add_serve(app, exit_code);
    cad::cli::add_backup(app, exit_code);
    cad::cli::add_restore(app, exit_code);
    cad::cli::add_admin(app, exit_code);
    cad::cli::add_health(app, exit_code);
  });
}
