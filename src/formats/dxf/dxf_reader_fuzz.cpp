// SPDX-License-Identifier: Apache-2.0
// The whole reader with small limits: whatever the bytes are, references in the drawing are valid,
// numbers are finite and limits hold.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "formats/dxf/format.hpp"

namespace {

using namespace cad;

void require(bool holds) {
  if (!holds) std::abort();
}

template <class IdType>
void require_id(IdType id, std::size_t count) {
  require(!id.valid() || id.index < count);
}

void check_entities(const Drawing& d, const std::vector<Entity>& entities) {
  for (const Entity& entity : entities) {
    require(entity.layer.valid() && entity.layer.index < d.layers.size());
    if (entity.linetype != kByBlockLinetype) require_id(entity.linetype, d.linetypes.size());
    require_id(entity.extra, d.extras.size());
    require(std::isfinite(entity.thickness) && std::isfinite(entity.linetype_scale));
    require(!type_name(entity).empty());
    if (const auto* insert = std::get_if<Indirect<Insert>>(&entity.geometry)) {
      require_id((*insert)->block, d.blocks.size());
      check_entities(d, (*insert)->attributes);
    } else if (const auto* line = std::get_if<Line>(&entity.geometry)) {
      require(std::isfinite(line->start.x + line->end.z));
    } else if (const auto* text = std::get_if<Text>(&entity.geometry)) {
      require_id(text->style, d.text_styles.size());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Limits limits;
  limits.max_entities = 200;
  limits.max_block_entities = 200;
  limits.max_table_records = 100;
  limits.max_string_bytes = 4096;
  limits.max_vertices_per_entity = 500;
  limits.max_total_vertices = 2000;
  limits.max_xdata_bytes = 20'000;
  Diagnostics diagnostics(50);
  const auto drawing = dxf::read(std::as_bytes(std::span(data, size)), {limits, diagnostics});
  if (!drawing) {
    require(!drawing.error().message.empty());
    return 0;
  }
  require(!drawing->layouts.empty() && drawing->layouts[0].is_model);
  std::size_t sheets = 0;
  for (const Layout& layout : drawing->layouts) {
    require(layout.block.valid() && layout.block.index < drawing->blocks.size());
    sheets += drawing->at(layout.block).entities.size();
  }
  require(sheets <= limits.max_entities + limits.max_block_entities);
  require(drawing->layers.size() + drawing->blocks.size() <= limits.max_table_records + 8);
  for (const Block& block : drawing->blocks) check_entities(*drawing, block.entities);
  return 0;
}
