// SPDX-License-Identifier: Apache-2.0
// BLOCKS: BLOCK, its entities, ENDBLK.
#include "formats/dxf/entities.hpp"
#include "formats/dxf/record.hpp"
#include "formats/dxf/sections.hpp"

namespace cad::dxf {
namespace {

// R12 files write the spaces' blocks with a dollar sign.
std::string common_name(std::string name) {
  if (is_model_space(name)) return "*Model_Space";
  if (name.starts_with('$') && is_paper_space(name)) name.replace(0, 12, "*Paper_Space");
  return name;
}

struct BlockHead {
  std::string name, second_name, description, xref_path;
  Vec3 base_point;
  std::uint16_t flags = 0;
  Handle owner = 0;
};

BlockHead read_head(Loader& loader) {
  Record in(loader);
  BlockHead head;
  while (in.next()) {
    if (!in.app().empty()) continue;
    switch (in.code()) {
      case 1: head.xref_path = in.text(); break;
      case 2: head.name = in.text(); break;
      case 3: head.second_name = in.text(); break;
      case 4: head.description = in.text(); break;
      case 10: head.base_point.x = in.number(); break;
      case 20: head.base_point.y = in.number(); break;
      case 30: head.base_point.z = in.number(); break;
      case 70: head.flags = static_cast<std::uint16_t>(in.integer()); break;
      default: break;
    }
  }
  head.owner = in.owner();
  return head;
}

BlockId unnamed_block(Loader& loader, const BlockHead& head) {
  loader.warn("DXF_UNNAMED_BLOCK", "BLOCK",
              "A block definition has no name; kept under the name of its record, or one made for "
              "it.");
  if (const BlockId id = loader.names().block_by_handle(head.owner); id.valid()) return id;
  if (!head.second_name.empty()) return loader.names().block(common_name(head.second_name));
  return loader.names().add_block("*Unnamed" + std::to_string(loader.drawing().blocks.size()));
}

BlockId block_of(Loader& loader, const BlockHead& head) {
  if (head.name.empty()) return unnamed_block(loader, head);
  const BlockId id = loader.names().block(common_name(head.name));
  if (!id.valid() || loader.drawing().at(id).implicit) return id;
  loader.warn("DXF_DUPLICATE_BLOCK", "BLOCK",
              "A block name is defined twice; the first definition is used, the other is kept "
              "under a name made for it.");
  return loader.names().add_block(head.name + "~" + std::to_string(loader.drawing().blocks.size()));
}

void read_block(Loader& loader) {
  BlockHead head = read_head(loader);
  const BlockId id = block_of(loader, head);
  std::vector<Entity> entities;
  read_block_entities(loader, entities);
  if (!id.valid()) return;
  Block& block = loader.drawing().at(id);
  block.implicit = false;
  block.base_point = head.base_point;
  block.flags = head.flags;
  block.description = std::move(head.description);
  block.xref_path = std::move(head.xref_path);
  append_entities(block.entities, std::move(entities));
}

}  // namespace

void read_blocks(Loader& loader) {
  TagCursor& tags = loader.tags();
  while (next_record(tags)) {
    if (ends_section(tags)) return;
    if (tags.word() == "BLOCK") {
      read_block(loader);
    } else if (tags.word() != "ENDBLK") {
      loader.warn("DXF_STRAY_RECORD", "BLOCKS",
                  "A record stands where it does not belong; left out.");
    }
  }
}

}  // namespace cad::dxf
