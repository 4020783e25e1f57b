// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "formats/format.hpp"
#include "json/writer.hpp"

namespace cad::cli {
namespace {

void print_table() {
  for (const Format& f : formats()) {
    if (f.read == nullptr) continue;
    std::printf("%-6.*s .%-10.*s %.*s\n", static_cast<int>(f.name.size()), f.name.data(),
                static_cast<int>(f.extensions.size()), f.extensions.data(),
                static_cast<int>(f.versions.size()), f.versions.data());
  }
}

void print_json() {
  json::Writer w;
  w.begin_array();
  for (const Format& f : formats()) {
    if (f.read == nullptr) continue;
    w.begin_object();
    w.field("format", f.name);
    w.field("extensions", f.extensions);
    w.field("mimeType", f.mime);
    w.field("versions", f.versions);
    w.end_object();
  }
  w.end_array();
  std::printf("%.*s\n", static_cast<int>(w.view().size()), w.view().data());
}

}  // namespace

void add_formats(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("formats", "List the formats that can be read");
  auto as_json = std::make_shared<bool>(false);
  command->add_flag("--json", *as_json, "As JSON");
  command->callback([as_json, &exit_code] {
    *as_json ? print_json() : print_table();
    exit_code = kSuccess;
  });
}

}  // namespace cad::cli
