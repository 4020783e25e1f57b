// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/data_storage.hpp"

#include <algorithm>
#include <utility>

#include "formats/acad/acis.hpp"
#include "formats/dxf/sections.hpp"

namespace cad::dxf {
namespace {

// An ACDSRECORD is a list of named values: AcDbDs::ID holds the entity's handle (320), ASM_Data the
// bytes (94 how many, 310 in pieces). Other records, pictures for instance, have other names.
void read_storage_record(Loader& loader) {
  TagCursor& tags = loader.tags();
  Handle entity = 0;
  bool in_solid = false;
  std::string bytes;
  while (tags.next()) {
    if (tags.code() == 0) {
      tags.push_back();
      break;
    }
    if (tags.code() == 2) in_solid = tags.word() == "ASM_Data";
    if (tags.code() == 320) entity = tags.handle();
    if (tags.code() == 310 && in_solid && bytes.size() < loader.limits().max_embedded_bytes)
      tags.append_binary(bytes);
  }
  if (entity != 0 && !bytes.empty()) loader.solid_data().try_emplace(entity, std::move(bytes));
}

void attach(Loader& loader, Entity& entity) {
  auto* body = std::get_if<Indirect<AcisBody>>(&entity.geometry);
  if (body == nullptr || entity.handle == 0 || !(*body)->sat.empty()) return;
  const auto data = loader.solid_data().find(entity.handle);
  if (data == loader.solid_data().end()) return;
  (*body)->sab.assign(data->second.begin(), data->second.end());
  (*body)->edges = acad::read_wireframe(loader, data->second, (*body)->type);
  loader.solid_data().erase(data);  // handles are unique: a copy would be damage
}

}  // namespace

void read_data_storage(Loader& loader) {
  TagCursor& tags = loader.tags();
  while (next_record(tags)) {
    if (ends_section(tags)) return;
    if (tags.word() == "ACDSRECORD") read_storage_record(loader);
  }
}

void attach_solid_data(Loader& loader) {
  if (loader.solid_data().empty()) return;
  for (Block& block : loader.drawing().blocks)
    for (Entity& entity : block.entities) attach(loader, entity);
}

}  // namespace cad::dxf
