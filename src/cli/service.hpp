// SPDX-License-Identifier: Apache-2.0
// The service's commands live in a program of their own, cadlens-service, beside this one: reading
// a drawing loads neither TLS nor a database, which would take most of a small drawing's time.
#pragma once

#include <CLI/App.hpp>
#include <string_view>

namespace cad::cli {

bool is_service_command(std::string_view name);

// Goes on as cadlens-service with the same arguments. Returns only when that cannot be started.
int become_service(char** argv);

// For --help alone.
void list_service_commands(CLI::App& app);

}  // namespace cad::cli
