// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/input.hpp"
#include "cli/printable.hpp"
#include "json/tally.hpp"
#include "json/write.hpp"
#include "json/writer.hpp"

namespace cad::cli {
namespace {

// What the table and the JSON show.
struct Facts {
  const Input& input;
  const Drawing& drawing;
  const Diagnostics& diagnostics;
  std::vector<json::SheetFacts> sheets;
  json::Tally tally;
  std::vector<std::uint64_t> by_layer;
};

Facts gather(const Input& input, const Drawing& drawing, const Diagnostics& diagnostics) {
  Facts facts{input, drawing, diagnostics, json::plan_sheets(drawing), {}, {}};
  facts.tally = json::tally(drawing, facts.sheets, {});
  facts.by_layer.resize(drawing.layers.size());
  for (const json::SheetTally& sheet : facts.tally.sheets)
    for (const auto& row : sheet.layers) facts.by_layer[row.layer] += row.entities;
  return facts;
}

std::string state_of(const Layer& layer) {
  std::string state;
  const auto add = [&](bool holds, const char* word) {
    if (holds) state += (state.empty() ? "" : ", ") + std::string(word);
  };
  add(layer.off, "off");
  add(layer.frozen, "frozen");
  add(layer.locked, "locked");
  add(!layer.plottable, "not plotted");
  return state;
}

unsigned long long number(std::uint64_t n) { return n; }

void print_layers(const Facts& f) {
  std::printf("\n%zu layers%*sentities\n", f.drawing.layers.size(), 31, "");
  for (std::size_t i = 0; i < f.drawing.layers.size(); ++i) {
    const Layer& layer = f.drawing.layers[i];
    std::printf("  %-36s %10llu  color %-3u %s\n", printable(layer.name).c_str(),
                number(f.by_layer[i]), layer.color.index, state_of(layer).c_str());
  }
}

void print_table(const Facts& f) {
  const std::string release(json::release_name(f.drawing.version));
  std::printf("%s\n", printable(f.input.name()).c_str());
  std::printf("  format    %s %s%s\n", std::string(to_string(f.drawing.format)).c_str(),
              printable(f.drawing.version).c_str(),
              release.empty() ? "" : (" (" + release + ")").c_str());
  std::printf("  size      %zu bytes\n", f.input.bytes().size());
  std::printf("  units     %s\n", std::string(to_string(f.drawing.units)).c_str());
  std::printf("  codepage  %s\n", printable(f.drawing.codepage).c_str());
  std::printf("  blocks    %zu\n", f.drawing.blocks.size());
  std::printf("  entities  %llu%s\n", number(f.tally.entities),
              f.drawing.truncated ? " (the drawing holds more)" : "");
  std::printf("\n%zu sheets\n", f.sheets.size());
  for (std::size_t i = 0; i < f.sheets.size(); ++i)
    std::printf("  %-24s %-24s %10llu entities\n", f.sheets[i].key.c_str(),
                printable(f.drawing.layouts[f.sheets[i].layout].name).c_str(),
                number(f.tally.sheets[i].entities));
  print_layers(f);
  std::printf("\n%zu types\n", f.tally.types.all().size());
  for (std::size_t i = 0; i < f.tally.types.all().size(); ++i)
    std::printf("  %-36s %10llu\n", printable(f.tally.types.all()[i]).c_str(),
                number(f.tally.by_type[i]));
  if (!f.diagnostics.all().empty()) std::printf("\n%zu warnings\n", f.diagnostics.all().size());
  for (const Diagnostic& d : f.diagnostics.all())
    std::printf("  %s\n", printable(to_sentence(d)).c_str());
}

void write_layers(json::Writer& w, const Facts& f) {
  w.begin_array();
  for (std::size_t i = 0; i < f.drawing.layers.size(); ++i) {
    const Layer& layer = f.drawing.layers[i];
    w.begin_object();
    w.field("name", layer.name);
    w.count("color", layer.color.index);
    w.flag("off", layer.off);
    w.flag("frozen", layer.frozen);
    w.flag("locked", layer.locked);
    w.flag("plottable", layer.plottable);
    w.count("entityCount", f.by_layer[i]);
    w.end_object();
  }
  w.end_array();
}

void write_sheets(json::Writer& w, const Facts& f) {
  w.begin_array();
  for (std::size_t i = 0; i < f.sheets.size(); ++i) {
    w.begin_object();
    w.field("name", f.drawing.layouts[f.sheets[i].layout].name);
    w.field("key", f.sheets[i].key);
    w.count("entityCount", f.tally.sheets[i].entities);
    w.end_object();
  }
  w.end_array();
}

void print_json(const Facts& f) {
  json::Writer w;
  w.begin_object();
  w.field("name", f.input.name());
  w.field("format", to_string(f.drawing.format));
  w.field("version", f.drawing.version);
  w.field("release", json::release_name(f.drawing.version));
  w.field("units", to_string(f.drawing.units));
  w.field("codepage", f.drawing.codepage);
  w.count("bytes", f.input.bytes().size());
  w.count("blocks", f.drawing.blocks.size());
  w.count("entities", f.tally.entities);
  w.flag("truncated", f.drawing.truncated);
  w.key("sheets");
  write_sheets(w, f);
  w.key("layers");
  write_layers(w, f);
  w.key("byType");
  w.begin_object();
  for (std::size_t i = 0; i < f.tally.types.all().size(); ++i) {
    w.key_text(f.tally.types.all()[i]);
    w.integer(static_cast<std::int64_t>(f.tally.by_type[i]));
  }
  w.end_object();
  w.key("warnings");
  w.begin_array();
  for (const Diagnostic& d : f.diagnostics.all()) w.text(to_sentence(d));
  w.end_array();
  w.end_object();
  std::fwrite(w.view().data(), 1, w.size(), stdout);
  std::fputc('\n', stdout);
}

Result<void> run(const std::string& file, bool as_json) {
  const Limits limits;
  CAD_ASSIGN(const Input input, Input::open(file, limits.max_input_bytes));
  Diagnostics diagnostics(limits.max_diagnostics);
  CAD_ASSIGN(const Drawing drawing, read_drawing(input.bytes(), {limits, diagnostics}));
  const Facts facts = gather(input, drawing, diagnostics);
  as_json ? print_json(facts) : print_table(facts);
  return {};
}

}  // namespace

void add_inspect(CLI::App& app, int& exit_code) {
  struct Options {
    std::string file;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("inspect", "Show format, version, units, layers and counts");
  command->add_option("file", options->file, "Drawing, or - for standard input")
      ->required()
      ->option_text("FILE");
  command->add_flag("--json", options->json, "As JSON");
  command->callback([options, &exit_code] {
    const Result<void> done = run(options->file, options->json);
    exit_code = done ? kSuccess : report(done.error());
  });
}

}  // namespace cad::cli
