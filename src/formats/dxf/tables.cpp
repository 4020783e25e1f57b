// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/sections.hpp"

namespace cad::dxf {

void read_classes(Loader& loader) {
  while (next_record(loader.tags()))
    if (ends_section(loader.tags())) return;
}

void read_tables(Loader& loader) {
  while (next_record(loader.tags()))
    if (ends_section(loader.tags())) return;
}

void read_blocks(Loader& loader) {
  while (next_record(loader.tags()))
    if (ends_section(loader.tags())) return;
}

void read_objects(Loader& loader) {
  while (next_record(loader.tags()))
    if (ends_section(loader.tags())) return;
}

void link(Loader& loader) {
  Layout model;
  model.name = "Model";
  model.is_model = true;
  model.block = loader.model_space();
  loader.drawing().layouts.push_back(model);
}

}  // namespace cad::dxf
