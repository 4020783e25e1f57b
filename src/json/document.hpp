// SPDX-License-Identifier: Apache-2.0
// The parts of the document that are not entities. Shared by `result` and `summary`.
#pragma once

#include "json/tally.hpp"
#include "json/writer.hpp"

namespace cad::json {

inline constexpr std::string_view kSchemaVersion = "2.0.0";

struct DocumentContext {
  const Drawing& drawing;
  const ResultFacts& facts;
  const Diagnostics& diagnostics;
  const Tally& tally;
};

// Model space's box; where nothing is drawn there, the first sheet's that has one.
Box2 drawing_box(const ResultFacts& facts);
// {minX,minY,maxX,maxY,width,height}, all null for an empty box.
void write_bounding_box(Writer& w, const Box2& box);

void write_file(Writer& w, const DocumentContext& c);
void write_summary(Writer& w, const DocumentContext& c);
void write_metadata(Writer& w, const DocumentContext& c);
void write_parse_info(Writer& w, const DocumentContext& c);

// name, key, index, entityCount, layerCount, boundingBox, area, perimeter of sheet `number`, into
// an open object; `after_index` is called where imageUrl belongs.
template <class F>
void write_sheet_head(Writer& w, const DocumentContext& c, std::size_t number, F&& after_index);
void write_sheet_layers(Writer& w, const DocumentContext& c, std::size_t number);
std::size_t count_sheet_layers(const DocumentContext& c, std::size_t number);
void write_sheet_extent(Writer& w, const Box2& box);

template <class F>
void write_sheet_head(Writer& w, const DocumentContext& c, std::size_t number, F&& after_index) {
  const SheetFacts& sheet = c.facts.sheets[number];
  w.field("name", c.drawing.layouts[sheet.layout].name);
  w.field("key", sheet.key);
  w.count("index", number);
  after_index();
  w.count("entityCount", c.tally.sheets[number].entities);
  w.count("layerCount", count_sheet_layers(c, number));
  write_sheet_extent(w, sheet.visible);
}

}  // namespace cad::json
