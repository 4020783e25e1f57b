// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <memory>

#include "app/owner.hpp"
#include "cli/exit.hpp"
#include "cli/serve/admin.hpp"

namespace cad::cli {
namespace {

store::UnixMs now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

int add_one(const std::string& data, const app::WantedKey& wanted) {
  const auto key = app::add_key(data, wanted, now());
  if (!key) return report(key.error());
  // A key that went to a file is not printed, too: standard output often ends in a log.
  if (wanted.key_file.empty()) std::printf("%s\n", key->c_str());
  return kSuccess;
}

}  // namespace

void add_admin_accounts(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>("cadlens-data");
  auto wanted = std::make_shared<app::WantedKey>();
  CLI::App* add = admin.add_subcommand("add-key", "Make an API key; it is printed this once");
  add->add_option("--data", *data, "Data directory of the service")->capture_default_str();
  add->add_option("--account", wanted->account, "Name of the account; made when there is none")
      ->required();
  add->add_option("--name", wanted->key_name, "Name of the key")->default_val("key");
  add->add_option("--scopes", wanted->scopes, "Scopes, separated by blanks; default: all");
  add->add_option("--key-file", wanted->key_file,
                  "File that receives the key (mode 0600) instead of standard output");
  add->callback([data, wanted, &exit_code] { exit_code = add_one(*data, *wanted); });
}

}  // namespace cad::cli
