// SPDX-License-Identifier: Apache-2.0
#include "cli/service.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <utility>

#include "cli/exit.hpp"

namespace cad::cli {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 5> kCommands{{
    {"serve", "Run the service: the REST API on this machine"},
    {"backup", "Write an encrypted backup of a service, wherever its data are"},
    {"restore", "Put a backup back where nothing is yet, or only verify it"},
    {"admin", "Look after a data directory"},
    {"health", "Ask the service on this machine whether it works"},
}};

}  // namespace

bool is_service_command(std::string_view name) {
  return std::any_of(kCommands.begin(), kCommands.end(),
                     [&](const auto& command) { return name == command.first; });
}

int become_service(char** argv) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string program = (self.parent_path() / "cadlens-service").string();
  if (!error) ::execv(program.c_str(), argv);
  return report({ErrorCode::unavailable,
                 "The program " + program + " cannot be started; it belongs beside this one."});
}

void list_service_commands(CLI::App& app) {
  for (const auto& [name, help] : kCommands) app.add_subcommand(name, help);
}

}  // namespace cad::cli
