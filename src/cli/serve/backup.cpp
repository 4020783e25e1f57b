// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <ctime>
#include <memory>

#include "app/backup_admin.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/serve/admin.hpp"
#include "pipeline/parse.hpp"
#include "secrets/environment.hpp"

namespace cad::cli {
namespace {

constexpr const char* kFooter =
    "The key comes from CADLENS_BACKUP_KEY or CADLENS_BACKUP_KEY_FILE. Database and objects are "
    "where\n"
    "CADLENS_DATABASE_URL and CADLENS_S3_URL say, as for `cadlens serve`; else in the data "
    "directory.";

std::string about_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return "created=" + std::string(text) + "\ncadlens=" + std::string(parser_version()) + "\n";
}

void print(const char* what, const backup::Contents& contents) {
  std::printf("%s: database of %llu bytes, %zu objects of %llu bytes%s\n", what,
              static_cast<unsigned long long>(contents.database_bytes), contents.objects,
              static_cast<unsigned long long>(contents.object_bytes),
              contents.master_key ? ", master key" : "");
  if (contents.missing > contents.lost)
    std::printf("%zu objects were removed while the backup was made.\n",
                contents.missing - contents.lost);
  if (contents.lost > 0)
    std::fprintf(stderr,
                 "%zu objects that the database speaks of are not in the store, so a restore will "
                 "bring back their jobs without them, or not at all.\n",
                 contents.lost);
}

// Without these keys the restored objects are noise.
void print_keys_needed(const backup::Contents& contents) {
  if (contents.master_key || contents.master_ids.empty()) return;
  std::printf("The objects need the master key with the id");
  for (const auto& id : contents.master_ids) std::printf(" %s", id.c_str());
  std::printf(" (CADLENS_MASTER_KEY_FILE, or master.key in the data directory).\n");
}

int run_backup(const backup::BackupOptions& options, bool rows) {
  const auto key = backup::backup_key_from_environment();
  if (!key) return report(key.error());
  const auto made = app::back_up(options, rows, *key);
  if (!made) return report(made.error());
  print("Backed up", *made);
  print_keys_needed(*made);
  return kSuccess;
}

int run_restore(const backup::RestoreOptions& options) {
  const auto key = backup::backup_key_from_environment();
  if (!key) return report(key.error());
  const auto found = app::bring_back(options, *key);
  if (!found) return report(found.error());
  std::fputs(found->about.c_str(), stdout);
  print(options.verify_only ? "The backup is whole" : "Restored", *found);
  print_keys_needed(*found);
  if (found->master_key && !options.verify_only && options.data.empty())
    std::puts(
        "The master key stayed in the backup: give the nodes theirs, or restore with --data, which "
        "writes it to master.key there.");
  return kSuccess;
}

void settle() {
  secrets::harden_process();
  ::umask(0077);
}

}  // namespace

void add_backup(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<backup::BackupOptions>();
  auto rows = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand(
      "backup", "Write database and stored objects to one encrypted file, while the server runs");
  command->add_option("FILE", options->file, "The backup; replaced when it is complete")
      ->required();
  add_data(*command, options->data);
  command->add_flag("--with-master-key", options->with_master_key,
                    "Put the master key in, too: backup and backup key then open everything");
  command->add_flag("--rows", *rows,
                    "Copy the database row by row, for a restore into PostgreSQL: of PostgreSQL it "
                    "always is so, SQLite is copied as a file otherwise");
  command->footer(kFooter);
  command->callback([options, rows, &exit_code] {
    settle();
    options->about = about_now();
    exit_code = run_backup(*options, *rows);
  });
}

void add_restore(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<backup::RestoreOptions>();
  CLI::App* command =
      app.add_subcommand("restore", "Bring a backup back, to where there are no data yet");
  command->add_option("FILE", options->file, "The backup")->required();
  auto* data = command->add_option("--data", options->data,
                                   "Data directory to make; not needed when database and objects "
                                   "are elsewhere");
  auto* verify = command->add_flag("--verify-only", options->verify_only,
                                   "Read and check everything, write nothing");
  data->excludes(verify);
  command->footer(kFooter);
  command->callback([options, &exit_code] {
    settle();
    exit_code = run_restore(*options);
  });
}

}  // namespace cad::cli
