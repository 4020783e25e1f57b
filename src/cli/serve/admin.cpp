// SPDX-License-Identifier: Apache-2.0
#include "cli/serve/admin.hpp"

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"

namespace cad::cli {

void add_data(CLI::App& command, std::string& data) {
  data = "cadlens-data";
  command.add_option("--data", data, "Data directory of the service");
}

void add_admin(CLI::App& app, int& exit_code) {
  CLI::App* admin = app.add_subcommand("admin", "Look after a data directory");
  admin->require_subcommand(1);
  add_admin_accounts(*admin, exit_code);
  add_admin_users(*admin, exit_code);
  add_admin_keys(*admin, exit_code);
  add_admin_webhooks(*admin, exit_code);
  add_admin_audit(*admin, exit_code);
  add_admin_jobs(*admin, exit_code);
}

}  // namespace cad::cli
