// SPDX-License-Identifier: Apache-2.0
#include "cli/program.hpp"

#include <CLI/CLI.hpp>
#include <exception>
#include <new>
#include <string>

#include "cli/exit.hpp"
#include "pipeline/parse.hpp"

namespace cad::cli {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 success; 2 the command line is wrong; 3 not a drawing, or one that cannot be\n"
    "read (unsupported, encrypted); 4 a file cannot be read or written, or is too damaged;\n"
    "5 a limit stopped the work; 70 a defect of the program.";

int parse_and_run(int argc, char** argv, const std::function<void(CLI::App&, int&)>& add) {
  int exit_code = kSuccess;
  CLI::App app("CAD drawings as JSON and PNG", "cadlens");
  app.set_version_flag("--version", "cadlens " + std::string(parser_version()));
  app.require_subcommand(1);
  app.option_defaults()->always_capture_default();
  app.footer(kFooter);
  add(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {  // --help, --version
    return app.exit(wanted);
  } catch (const CLI::ParseError& wrong) {
    report({ErrorCode::invalid_argument, wrong.what()});
    return kUsage;
  }
  return exit_code;
}

}  // namespace

int run_program(int argc, char** argv, const std::function<void(CLI::App&, int&)>& add) {
  try {
    return parse_and_run(argc, argv, add);
  } catch (const std::bad_alloc&) {
    return report({ErrorCode::limit_exceeded, "There is not enough memory."});
  } catch (const std::exception& defect) {
    return report({ErrorCode::internal, defect.what()});
  }
}

}  // namespace cad::cli
