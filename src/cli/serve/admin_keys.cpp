// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <memory>

#include "app/rotate.hpp"
#include "cli/exit.hpp"
#include "cli/serve/admin.hpp"
#include "crypto/bytes.hpp"
#include "secrets/environment.hpp"

namespace cad::cli {
namespace {

std::string plural(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

void add_make_key(CLI::App& admin) {
  CLI::App* command = admin.add_subcommand(
      "make-key", "Print a random 256-bit key, for CADLENS_MASTER_KEY_FILE and the like");
  command->callback([] { std::printf("%s\n", crypto::random_hex(32).c_str()); });
}

void add_master_keys(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  CLI::App* command =
      admin.add_subcommand("master-keys", "List the master keys' ids and the objects under each");
  add_data(*command, *data);
  command->callback([data, &exit_code] {
    const auto facts = app::list_master_keys(*data);
    if (!facts) {
      exit_code = report(facts.error());
      return;
    }
    const char* role = "present";
    for (const auto& key : *facts) {
      std::printf("%s  %-8s %s\n", key.id.c_str(), key.present ? role : "MISSING",
                  plural(key.objects, "object").c_str());
      role = "older";
    }
  });
}

void add_rotate_master_key(CLI::App& admin, int& exit_code) {
  auto options = std::make_shared<app::MasterRotationOptions>();
  CLI::App* command = admin.add_subcommand(
      "rotate-master-key", "Make a new master key and wrap every object's key under it");
  add_data(*command, options->data);
  command->add_flag("--present-key", options->present_key,
                    "No new key: wrap what is still under an older one under the present one");
  command->add_flag("--drop-old", options->drop_old,
                    "Remove the older keys once nothing needs them (old backups do!)");
  command->callback([options, &exit_code] {
    secrets::harden_process();
    ::umask(0077);
    const auto done = app::rotate_master_key(*options);
    if (!done) {
      exit_code = report(done.error());
      return;
    }
    std::printf("Present master key: %s. %s, %zu wrapped anew. %s kept.\n", done->key_id.c_str(),
                plural(done->objects, "object").c_str(), done->rewrapped,
                plural(done->old_keys, "older key").c_str());
  });
}

void add_rotate_signing_key(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  CLI::App* command = admin.add_subcommand(
      "rotate-signing-key", "Sign preview URLs with a new key; those given out stay good");
  add_data(*command, *data);
  command->callback([data, &exit_code] {
    secrets::harden_process();
    ::umask(0077);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto done = app::rotate_signing_key(
        *data, std::chrono::duration_cast<std::chrono::seconds>(now).count());
    if (!done) {
      exit_code = report(done.error());
      return;
    }
    std::printf("Present signing key: %s. %s kept until their URLs expire.\n", done->key_id.c_str(),
                plural(done->old_keys, "older key").c_str());
  });
}

}  // namespace

void add_admin_keys(CLI::App& admin, int& exit_code) {
  add_make_key(admin);
  add_master_keys(admin, exit_code);
  add_rotate_master_key(admin, exit_code);
  add_rotate_signing_key(admin, exit_code);
}

}  // namespace cad::cli
