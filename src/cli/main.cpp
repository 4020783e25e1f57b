// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "cli/service.hpp"

int main(int argc, char** argv) {
#ifdef CADLENS_SERVICE
  if (argc > 1 && cad::cli::is_service_command(argv[1])) return cad::cli::become_service(argv);
#endif
  return cad::cli::run_program(argc, argv, [](CLI::App& app, int& exit_code) {
    cad::cli::add_parse(app, exit_code);
    cad::cli::add_inspect(app, exit_code);
    cad::cli::add_formats(app, exit_code);
#ifdef CADLENS_SERVICE
    cad::cli::list_service_commands(app);
#endif
  });
}
