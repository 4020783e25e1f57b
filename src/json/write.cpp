// SPDX-License-Identifier: Apache-2.0
#include "json/write.hpp"

#include "json/document.hpp"
#include "json/entity.hpp"
#include "json/index.hpp"
#include "json/pretty.hpp"

namespace cad::json {
namespace {

// One run over the drawing: what the pieces below share.
struct Run {
  DocumentContext context;
  const LayerFilter& filter;
  IdPlan& ids;
  bool service_parts = false;
  std::vector<SlotRecord> slots;
  Writer extras;  // the xdata part
  IndexBuilder index;
};

void add_slot(Run& run, const Writer& w, SlotKind kind, std::uint64_t a = 0) {
  if (run.service_parts) run.slots.push_back({w.offset(), kind, 0, a});
}

void write_head(Writer& w, Run& run) {
  w.key("schemaVersion");
  w.plain_text(kSchemaVersion);
  w.field("parserVersion", run.context.facts.parser_version);
  add_slot(run, w, SlotKind::job);
  w.key("file");
  write_file(w, run.context);
  w.key("summary");
  write_summary(w, run.context);
}

ExtraPlace extra_place(const Run& run) {
  if (run.service_parts) return ExtraPlace::slots;
  return run.context.facts.inline_xdata ? ExtraPlace::inlined : ExtraPlace::none;
}

Box2 box_of(const std::vector<Box2>& boxes, std::size_t index) {
  return index < boxes.size() ? boxes[index] : Box2{};
}

void write_sheet_entities(Writer& w, Run& run, std::size_t number) {
  const SheetFacts& sheet = run.context.facts.sheets[number];
  const Drawing& drawing = run.context.drawing;
  EntityWriter entities(w, drawing, run.ids);
  entities.enter(drawing.layouts[sheet.layout].name, 's', sheet.layout);
  entities.place_extras(extra_place(run), SlotKind::xdata, &run.extras, &run.slots);
  const auto write_one = [&](const Entity& entity, std::uint64_t running, std::size_t index,
                             bool is_attribute) {
    if (w.failed()) return;
    if (!passes(run.filter, entity)) return entities.skip(entity, running);
    const Box2 box = box_of(is_attribute ? sheet.attribute_boxes : sheet.entity_boxes, index);
    w.settle_comma();
    const std::uint64_t begin = w.offset();
    entities.write(entity, box, running);
    if (run.service_parts) run.index.add(entity, box, number, begin, w.offset());
  };
  w.begin_array();
  for_each_in_document_order(entities_of(drawing, sheet), write_one);
  w.end_array();
}

void write_image_url(Writer& w, Run& run, std::size_t number) {
  add_slot(run, w, SlotKind::sheet_image, number);
  const auto& paths = run.context.facts.image_paths;
  if (number < paths.size() && paths[number]) w.field("imageUrl", *paths[number]);
}

void write_sheets(Writer& w, Run& run) {
  w.key("sheets");
  w.begin_array();
  for (std::size_t i = 0; i < run.context.facts.sheets.size(); ++i) {
    w.begin_object();
    write_sheet_head(w, run.context, i, [&] { write_image_url(w, run, i); });
    w.key("layers");
    write_sheet_layers(w, run.context, i);
    w.key("entities");
    write_sheet_entities(w, run, i);
    w.end_object();
  }
  w.end_array();
}

// Layouts are sheets, and a block that is only referred to has nothing to say.
std::vector<bool> definitions(const Drawing& drawing) {
  std::vector<bool> out(drawing.blocks.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = !drawing.blocks[i].implicit;
  for (const Layout& layout : drawing.layouts)
    if (layout.block.index < out.size()) out[layout.block.index] = false;
  return out;
}

void write_block(Writer& w, EntityWriter& entities, const Block& block, std::uint32_t number) {
  w.begin_object();
  w.field("name", block.name);
  point_field(w, "basePoint", block.base_point);
  w.flag("isXref", block.is_xref());
  w.key("path");
  block.xref_path.empty() ? w.null() : w.text(block.xref_path);
  w.key("entities");
  w.begin_array();
  entities.enter(std::nullopt, 'b', number);
  for_each_in_document_order(block.entities,
                             [&](const Entity& entity, std::uint64_t running, std::size_t, bool) {
                               if (!w.failed()) entities.write(entity, {}, running);
                             });
  w.end_array();
  w.end_object();
}

void write_blocks(Writer& w, Run& run) {
  const Drawing& drawing = run.context.drawing;
  const std::vector<bool> wanted = definitions(drawing);
  EntityWriter entities(w, drawing, run.ids);
  entities.place_extras(extra_place(run), SlotKind::block_xdata, &run.extras, &run.slots);
  w.begin_array();
  for (std::uint32_t i = 0; i < drawing.blocks.size(); ++i)
    if (wanted[i]) write_block(w, entities, drawing.blocks[i], i);
  w.end_array();
}

void write_about(Writer& w, const Run& run) {
  w.key("metadata");
  write_metadata(w, run.context);
  w.key("parseInfo");
  write_parse_info(w, run.context);
}

void write_tail(Writer& w, Run& run) {
  const ResultFacts& facts = run.context.facts;
  write_about(w, run);
  if (facts.created_at) w.field("createdAt", *facts.created_at);
  if (facts.inline_blocks && !run.service_parts) {
    w.key("blocks");
    write_blocks(w, run);
  }
  add_slot(run, w, SlotKind::tail);
}

template <class T>
std::span<const std::byte> bytes_of(const std::vector<T>& items) {
  return std::as_bytes(std::span(items));
}

std::span<const std::byte> bytes_of(const Writer& w) { return std::as_bytes(std::span(w.view())); }

// Has no slots, whatever the run.
void write_summary_part(Writer& w, Run& run) {
  run.service_parts = false;
  w.begin_object();
  write_head(w, run);
  write_about(w, run);
  w.key("sheets");
  w.begin_array();
  for (std::size_t i = 0; i < run.context.facts.sheets.size(); ++i) {
    w.begin_object();
    write_sheet_head(w, run.context, i, [] {});
    w.end_object();
  }
  w.end_array();
  w.count("entityCount", run.context.tally.entities);
  w.count("layerCount", run.context.drawing.layers.size());
  w.end_object();
}

Result<void> write_service_parts(Run& run, PartSink& out) {
  Writer blocks(out, PartKind::blocks);
  write_blocks(blocks, run);
  CAD_TRY(blocks.finish());
  CAD_TRY(out.write(PartKind::slots, 0, bytes_of(run.slots)));
  CAD_TRY(out.write(PartKind::xdata, 0, bytes_of(run.extras)));
  CAD_TRY(run.index.write(run.context.drawing, run.context.facts.sheets.size(), out));
  Writer summary(out, PartKind::summary);
  write_summary_part(summary, run);
  return summary.finish();
}

}  // namespace

Result<void> write_result(const Drawing& drawing, const ResultFacts& facts,
                          const Diagnostics& diagnostics, PartSink& out, bool service_parts) {
  const LayerFilter filter = make_filter(drawing, facts.only_layers);
  const Tally counts = tally(drawing, facts.sheets, filter);
  IdPlan ids(drawing);
  Run run{{drawing, facts, diagnostics, counts}, filter, ids, service_parts, {}, {}, {}};
  if (service_parts) run.index.reserve(counts.entities);

  PrettySink pretty(out);
  const bool indent = facts.pretty && !service_parts;  // slots and the index count compact bytes
  Writer w(indent ? static_cast<PartSink&>(pretty) : out, PartKind::result);
  if (facts.summary_only) {
    write_summary_part(w, run);
  } else {
    w.begin_object();
    write_head(w, run);
    write_sheets(w, run);
    write_tail(w, run);
    w.end_object();
  }
  if (!service_parts) w.raw("\n", false);
  CAD_TRY(w.finish());
  return service_parts ? write_service_parts(run, out) : Result<void>{};
}

std::uint64_t count_entities(const Drawing& drawing, const ResultFacts& facts) {
  return tally(drawing, facts.sheets, make_filter(drawing, facts.only_layers)).entities;
}

}  // namespace cad::json
