// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/reader.hpp"

#include "formats/dwg/data_storage.hpp"
#include "formats/dwg/entities.hpp"
#include "formats/dwg/header.hpp"
#include "formats/dwg/layouts.hpp"
#include "formats/dwg/objects.hpp"
#include "formats/dwg/tables.hpp"

namespace cad::dwg {

Census read_indexed(Loader& loader) {
  const std::vector<BlockContents> blocks = read_tables(loader);
  read_header(loader);
  find_spaces(loader);
  read_objects(loader);
  read_data_storage(loader);
  read_block_entities(loader, blocks);
  link_layouts(loader);
  read_late_objects(loader);
  read_summary_info(loader);
  loader.drawing().units = resolve_units(loader.drawing().header);
  return take_census(loader);
}

}  // namespace cad::dwg
