// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/clock.hpp"
#include "app/key_admin.hpp"
#include "cli/exit.hpp"
#include "cli/printable.hpp"
#include "cli/serve/admin.hpp"
#include "jobs/names.hpp"

namespace cad::cli {
namespace {

// A key that went to a file is not printed, too: standard output often ends in a log.
int show(const Result<std::string>& key, const std::string& key_file) {
  if (!key) return report(key.error());
  if (key_file.empty()) std::printf("%s\n", key->c_str());
  return kSuccess;
}

std::string time_of(const std::optional<store::UnixMs>& at) {
  return at ? jobs::iso_time(*at) : "-";
}

std::string state_of(const store::ApiKey& key) {
  if (key.revoked_at) return "revoked";
  return key.expires_at && *key.expires_at <= app::system_now() ? "expired" : "valid";
}

int list(const std::string& data, const std::string& account) {
  const auto keys = app::list_keys(data, account.empty() ? std::nullopt : std::optional(account),
                                   app::system_now());
  if (!keys) return report(keys.error());
  for (const store::ApiKey& key : *keys) {
    std::printf("%s  %s  %-7s  %s", key.id.c_str(), key.prefix.c_str(), state_of(key).c_str(),
                printable(key.name).c_str());
    if (!key.label.empty()) std::printf(" (%s)", printable(key.label).c_str());
    std::printf("\n  account %s\n  made %s, expires %s, last used %s\n  scopes: %s\n",
                key.account_id.c_str(), time_of(key.created_at).c_str(),
                time_of(key.expires_at).c_str(), time_of(key.last_used_at).c_str(),
                key.scopes.c_str());
    if (!key.allowed_networks.empty()) std::printf("  from: %s\n", key.allowed_networks.c_str());
    if (key.result_schema != "2.0.0") std::printf("  results: %s\n", key.result_schema.c_str());
    if (key.generation > 0)
      std::printf("  replacement %lld of %s\n", static_cast<long long>(key.generation),
                  key.family.c_str());
  }
  return kSuccess;
}

void add_key_file(CLI::App& command, std::string& file) {
  command.add_option("--key-file", file,
                     "File that receives the key (mode 0600) instead of standard output");
}

void add_add(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  auto wanted = std::make_shared<app::WantedKey>();
  CLI::App* add = admin.add_subcommand("add-key", "Make an API key; it is printed this once");
  add_data(*add, *data);
  add->add_option("--account", wanted->account, "Name of the account; made when there is none")
      ->required();
  add->add_option("--name", wanted->key_name, "Name of the key")->default_val("key");
  add->add_option("--label", wanted->label, "What it is for, like production");
  add->add_option("--scopes", wanted->scopes,
                  "Scopes, separated by blanks; default: those of jobs");
  add->add_option("--allow-from", wanted->networks,
                  "Address or network it may be used from (repeatable); default: anywhere")
      ->allow_extra_args(false)
      ->default_str("");
  add->add_option("--result-schema", wanted->result_schema,
                  "Shape of its results, 2.0.0 (default) or 2024-01 (older clients)");
  add->add_option("--expires-in-days", wanted->days, "Default: never");
  add_key_file(*add, wanted->key_file);
  add->callback([data, wanted, &exit_code] {
    exit_code = show(app::add_key(*data, *wanted, app::system_now()), wanted->key_file);
  });
}

void add_list(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  auto account = std::make_shared<std::string>();
  CLI::App* command = admin.add_subcommand("list-keys", "Show the keys, never their secret part");
  add_data(*command, *data);
  command->add_option("--account", *account, "Of this account; default: all");
  command->callback([data, account, &exit_code] { exit_code = list(*data, *account); });
}

void add_revoke(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  auto id = std::make_shared<std::string>();
  CLI::App* command = admin.add_subcommand("revoke-key", "End a key: its next request is refused");
  add_data(*command, *data);
  command->add_option("id", *id, "key_...")->required();
  command->callback([data, id, &exit_code] {
    const auto done = app::revoke_key(*data, *id, app::system_now());
    exit_code = done ? kSuccess : report(done.error());
  });
}

void add_rotate(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  auto wanted = std::make_shared<app::Replacement>();
  CLI::App* command = admin.add_subcommand(
      "rotate-key", "Make a key that replaces another: the same rights, and it sees its jobs");
  add_data(*command, *data);
  command->add_option("id", wanted->id, "Key to be replaced, key_...")->required();
  command->add_option("--old-hours", wanted->old_hours,
                      "Hours that the old one still works; default: until it is revoked");
  add_key_file(*command, wanted->key_file);
  command->callback([data, wanted, &exit_code] {
    exit_code = show(app::rotate_key(*data, *wanted, app::system_now()), wanted->key_file);
  });
}

}  // namespace

void add_admin_accounts(CLI::App& admin, int& exit_code) {
  add_add(admin, exit_code);
  add_list(admin, exit_code);
  add_revoke(admin, exit_code);
  add_rotate(admin, exit_code);
}

}  // namespace cad::cli
