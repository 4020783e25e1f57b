// SPDX-License-Identifier: Apache-2.0
// Drawing -> the result document (schema 2.0.0, schema/result.schema.json).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/parts.hpp"
#include "base/result.hpp"
#include "model/drawing.hpp"

namespace cad::json {

// One sheet of the result: model space, or a paper-space layout with content.
struct SheetFacts {
  std::uint32_t layout = 0;           // index into Drawing::layouts
  std::string key;                    // slug, unique in the drawing
  Box2 visible;                       // the sheet's boundingBox
  std::vector<Box2> entity_boxes;     // as the block's entities; empty boxes = unknown
  std::vector<Box2> attribute_boxes;  // of every INSERT's ATTRIBs, in order, insert by insert
};

struct ResultFacts {
  std::string file_name;
  std::string parser_version;
  std::vector<SheetFacts> sheets;
  double duration_ms = 0;
  bool reproducible = false;  // leave durationMs out
  bool pretty = false;
  // Inline variants for the command line: no slots are used then.
  bool inline_blocks = false, inline_xdata = false;
  bool summary_only = false;              // write the summary as the result, nothing else
  std::optional<std::string> created_at;  // command line; none for the service (a slot then)
  std::vector<std::optional<std::string>> image_paths;  // command line: per sheet
  std::vector<LayerId> only_layers;  // `--layers`: entities of other layers are left out
};

// "AutoCAD 2018" for AC1032; empty for a stamp that names no release. Several releases share one
// stamp; the first is named.
std::string_view release_name(std::string_view version);

// Entities that the result has: of its sheets, ATTRIBs included, on the layers asked for.
std::uint64_t count_entities(const Drawing& drawing, const ResultFacts& facts);

// Sheets that the result has: model space always, a layout when it has content.
std::vector<SheetFacts> plan_sheets(const Drawing& drawing);

// Streams result (with slots unless inline), slots, blocks, xdata, index and summary.
// Always valid JSON, whatever strings the drawing holds; numbers shortest round-trip.
Result<void> write_result(const Drawing& drawing, const ResultFacts& facts,
                          const Diagnostics& diagnostics, PartSink& out, bool service_parts);

}  // namespace cad::json
