// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <exception>
#include <new>
#include <string>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "pipeline/parse.hpp"

namespace {

constexpr const char* kFooter =
    "Exit codes: 0 success; 2 the command line is wrong; 3 not a drawing, or one that cannot be\n"
    "read (unsupported, encrypted); 4 a file cannot be read or written, or is too damaged;\n"
    "5 a limit stopped the work; 70 a defect of the program.";

int run(int argc, char** argv) {
  int exit_code = cad::cli::kSuccess;
  CLI::App app("CAD drawings as JSON and PNG", "cadlens");
  app.set_version_flag("--version", "cadlens " + std::string(cad::parser_version()));
  app.require_subcommand(1);
  app.footer(kFooter);
  cad::cli::add_parse(app, exit_code);
  cad::cli::add_inspect(app, exit_code);
  cad::cli::add_formats(app, exit_code);
#ifdef CADLENS_SERVICE
  cad::cli::add_serve(app, exit_code);
  cad::cli::add_admin(app, exit_code);
#endif
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {  // --help, --version
    return app.exit(wanted);
  } catch (const CLI::ParseError& wrong) {
    cad::cli::report({cad::ErrorCode::invalid_argument, wrong.what()});
    return cad::cli::kUsage;
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    return cad::cli::report({cad::ErrorCode::limit_exceeded, "There is not enough memory."});
  } catch (const std::exception& defect) {
    return cad::cli::report({cad::ErrorCode::internal, defect.what()});
  }
}
