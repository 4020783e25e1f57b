// SPDX-License-Identifier: Apache-2.0
#include "pipeline/parse.hpp"

#include <algorithm>
#include <chrono>

#include "json/write.hpp"
#include "pipeline/draw.hpp"
#include "scene/scene.hpp"

namespace cad {
namespace {

using Clock = std::chrono::steady_clock;

// Percent of the whole job at which each phase begins, as measured on large drawings.
constexpr int kMeasuring = 45, kDrawing = 60, kWriting = 85, kDone = 100;

void report(const ParseOptions& options, std::string_view phase, int percent) {
  if (options.progress) options.progress(phase, percent);
}

void report_reading(void* user, std::uint64_t done, std::uint64_t total) {
  const auto& options = *static_cast<const ParseOptions*>(user);
  const double share = total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total);
  report(options, "reading", static_cast<int>(kMeasuring * std::min(share, 1.0)));
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

Result<std::vector<LayerId>> find_layers(const Drawing& drawing,
                                         const std::vector<std::string>& names) {
  std::vector<LayerId> found;
  for (const std::string& name : names) {
    const std::size_t before = found.size();
    for (std::uint32_t i = 0; i < drawing.layers.size(); ++i)
      if (same_name(drawing.layers[i].name, name)) found.push_back(LayerId{i});
    if (found.size() == before)
      return fail(ErrorCode::invalid_argument,
                  "The drawing has no layer \"" + name + "\"; `cadlens inspect` lists them.");
  }
  return found;
}

Result<std::vector<json::SheetFacts>> choose_sheets(const Drawing& drawing,
                                                    const std::string& only) {
  std::vector<json::SheetFacts> sheets = json::plan_sheets(drawing);
  if (only.empty()) return sheets;
  std::string keys;
  for (json::SheetFacts& sheet : sheets) {
    if (sheet.key == only) {
      std::vector<json::SheetFacts> one;
      one.push_back(std::move(sheet));
      return one;
    }
    keys += (keys.empty() ? "" : ", ") + sheet.key;
  }
  return fail(ErrorCode::invalid_argument,
              "The drawing has no sheet \"" + only + "\"; it has: " + keys + ".");
}

void measure_sheets(const scene::SceneContext& scene, std::vector<json::SheetFacts>& sheets,
                    const ParseOptions& options) {
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    const auto share = static_cast<int>(i * (kDrawing - kMeasuring) / sheets.size());
    report(options, "measuring", kMeasuring + share);
    json::SheetFacts& sheet = sheets[i];
    scene::LayoutExtents extents =
        scene::measure_layout(scene, scene.drawing.layouts[sheet.layout]);
    sheet.visible = extents.visible;
    sheet.entity_boxes = std::move(extents.entities);
    sheet.attribute_boxes = std::move(extents.attributes);
  }
}

// Before the first picture is drawn: the sink learns here where each one goes.
void name_images(json::ResultFacts& facts, const ParseOptions& options) {
  if (!options.image_path || !options.png) return;
  for (std::uint32_t i = 0; i < facts.sheets.size(); ++i)
    facts.image_paths.push_back(facts.sheets[i].visible.empty()
                                    ? std::nullopt
                                    : std::optional(options.image_path(i, facts.sheets[i].key)));
}

Result<void> write_document(const scene::SceneContext& scene, json::ResultFacts& facts,
                            const ParseOptions& options, Clock::time_point start, PartSink& out) {
  report(options, "writing", kWriting);
  facts.file_name = options.file_name;
  facts.parser_version = parser_version();
  facts.duration_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  facts.reproducible = options.reproducible;
  facts.pretty = options.pretty;
  facts.inline_blocks = options.inline_blocks;
  facts.inline_xdata = options.inline_xdata;
  facts.summary_only = options.summary_only;
  facts.created_at = options.created_at;
  facts.only_layers = scene.options.only_layers;
  return json::write_result(scene.drawing, facts, scene.diagnostics, out, options.service_parts);
}

Result<void> draw_sheets(const scene::SceneContext& scene,
                         const std::vector<json::SheetFacts>& sheets, const ParseOptions& options,
                         PartSink& out) {
  if (!options.png && !options.scene) return {};
  std::uint32_t thumbnail_px = options.thumbnail_px;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    const auto share = static_cast<int>(i * (kWriting - kDrawing) / sheets.size());
    report(options, "drawing", kDrawing + share);
    const Layout& layout = scene.drawing.layouts[sheets[i].layout];
    CAD_ASSIGN(const bool drawn,
               draw_sheet(scene, layout, sheets[i].visible, static_cast<std::uint32_t>(i), options,
                          thumbnail_px, out));
    if (drawn) thumbnail_px = 0;
  }
  return {};
}

}  // namespace

std::string_view parser_version() { return CADLENS_VERSION; }

Result<ParseOutcome> parse_to_parts(Bytes file, const ParseOptions& options,
                                    text::FontLibrary& fonts, PartSink& out) {
  const auto start = Clock::now();
  Diagnostics diagnostics(options.limits.max_diagnostics);
  report(options, "reading", 0);
  const ReadContext context{options.limits, diagnostics,
                            options.progress ? report_reading : nullptr,
                            const_cast<ParseOptions*>(&options)};
  CAD_ASSIGN(const Drawing drawing, read_drawing(file, context));

  scene::SceneContext scene{drawing, fonts, options.limits, diagnostics, {}};
  scene.options.background = options.background;
  CAD_ASSIGN(scene.options.only_layers, find_layers(drawing, options.only_layers));
  json::ResultFacts facts;
  CAD_ASSIGN(facts.sheets, choose_sheets(drawing, options.only_sheet));
  measure_sheets(scene, facts.sheets, options);
  name_images(facts, options);
  // Before the document: what was left out of a picture is said there.
  CAD_TRY(draw_sheets(scene, facts.sheets, options, out));
  CAD_TRY(write_document(scene, facts, options, start, out));
  report(options, "writing", kDone);

  ParseOutcome outcome;
  outcome.format = drawing.format;
  outcome.version = drawing.version;
  outcome.entities = json::count_entities(drawing, facts);
  outcome.sheets = static_cast<std::uint32_t>(facts.sheets.size());
  outcome.truncated = drawing.truncated;
  return outcome;
}

}  // namespace cad
