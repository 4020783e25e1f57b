// SPDX-License-Identifier: Apache-2.0
#include "pipeline/parse.hpp"

#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <map>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/input.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "text/fonts.hpp"

namespace cad::cli {
namespace {

struct ParseCommand {
  std::string file, output, png_folder, sheet;
  std::vector<std::string> layers;
  bool pretty = false, summary = false, blocks = false, xdata = false, reproducible = false;
  std::size_t max_entities = Limits{}.max_entities;
  std::uint32_t px = ParseOptions{}.image_px;
};

// The document to the output, each PNG to its file.
class FileSink : public PartSink {
 public:
  explicit FileSink(Output& document) : document_(document) {}
  void expect_image(std::uint32_t sheet, std::string path) { images_[sheet] = std::move(path); }

  Result<void> write(PartKind kind, std::uint32_t number,
                     std::span<const std::byte> bytes) override {
    if (kind == PartKind::result) return document_.write(bytes);
    if (kind != PartKind::png) return {};
    const auto path = images_.find(number);
    if (path == images_.end()) return fail(ErrorCode::internal, "A picture without a name.");
    CAD_ASSIGN(Output image, Output::open(path->second));
    CAD_TRY(image.write(bytes));
    return image.commit();
  }

 private:
  Output& document_;
  std::map<std::uint32_t, std::string> images_;
};

std::string now_iso() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto millis =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  char tail[8];
  std::snprintf(tail, sizeof tail, ".%03dZ", static_cast<int>(millis));
  return std::string(text, size) + tail;
}

Result<void> make_folder(const std::string& path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    if (::mkdir(part.c_str(), 0777) != 0 && errno != EEXIST)
      return fail(ErrorCode::io, part + ": " + std::strerror(errno));
    if (end == std::string::npos) return {};
  }
}

// "plans/house.v2.dxf" -> "house.v2"
std::string stem(const std::string& name) {
  const std::size_t dot = name.find_last_of('.');
  return dot == 0 || dot == std::string::npos ? name : name.substr(0, dot);
}

ParseOptions options_of(const ParseCommand& command, const std::string& name) {
  ParseOptions options;
  options.file_name = name;
  options.limits.max_entities = command.max_entities;
  options.png = !command.png_folder.empty();
  options.scene = false;
  options.service_parts = false;
  options.image_px = command.px;
  options.only_sheet = command.sheet;
  options.only_layers = command.layers;
  options.pretty = command.pretty;
  options.reproducible = command.reproducible;
  options.inline_blocks = command.blocks;
  options.inline_xdata = command.xdata;
  options.summary_only = command.summary;
  if (!command.reproducible) options.created_at = now_iso();
  return options;
}

Result<void> run(const ParseCommand& command) {
  CAD_ASSIGN(const Input input, Input::open(command.file, Limits{}.max_input_bytes));
  ParseOptions options = options_of(command, input.name());
  CAD_ASSIGN(Output document, Output::open(command.output));
  FileSink sink(document);
  Progress progress;
  options.progress = [&](std::string_view phase, int percent) { progress.show(phase, percent); };
  if (options.png) {
    CAD_TRY(make_folder(command.png_folder));
    options.image_path = [&](std::uint32_t sheet, std::string_view key) {
      std::string path = command.png_folder;
      if (path.back() != '/') path += '/';
      path += stem(input.name()) + "-" + std::string(key) + ".png";
      sink.expect_image(sheet, path);
      return path;
    };
  }
  const auto fonts = text::FontLibrary::open_system_fonts();
  CAD_TRY(parse_to_parts(input.bytes(), options, *fonts, sink));
  return document.commit();
}

}  // namespace

void add_parse(CLI::App& app, int& exit_code) {
  auto command = std::make_shared<ParseCommand>();
  CLI::App* parse = app.add_subcommand("parse", "Write a drawing as JSON, and as PNG");
  parse->add_option("file", command->file, "Drawing, or - for standard input")
      ->required()
      ->option_text("FILE");
  parse->add_option("-o,--output", command->output,
                    "Write the JSON here (complete or not at all); default: standard output");
  parse->add_option("--png", command->png_folder, "Write a PNG of each sheet into this folder")
      ->option_text("DIR");
  parse->add_option("--sheet", command->sheet, "Only this sheet, by its key (model, layout1 ...)")
      ->option_text("KEY");
  parse->add_option("--layers", command->layers, "Only entities on these layers")
      ->delimiter(',')
      ->option_text("A,B");
  parse->add_flag("--pretty", command->pretty, "Indent the JSON");
  parse->add_flag("--summary", command->summary, "Without layers and entities");
  parse->add_flag("--blocks", command->blocks, "With the block definitions");
  parse->add_flag("--xdata", command->xdata, "With extended data and extension dictionaries");
  parse->add_flag("--reproducible", command->reproducible,
                  "Leave out what changes from run to run (createdAt, durationMs)");
  parse
      ->add_option("--max-entities", command->max_entities,
                   "Keep the first N entities of the sheets")
      ->option_text("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}));
  parse->add_option("--px", command->px, "Pixels on the longer side of a PNG")
      ->option_text("N")
      ->check(CLI::Range(16u, Limits{}.max_image_px));
  parse->callback([command, &exit_code] {
    const Result<void> done = run(*command);
    exit_code = done ? kSuccess : report(done.error());
  });
}

}  // namespace cad::cli
