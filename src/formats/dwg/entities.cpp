// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/entities.hpp"

#include "formats/dwg/entity_in.hpp"
#include "formats/dwg/unknown.hpp"

namespace cad::dwg {

bool read_entity(Loader& loader, Slot& slot, Entity& entity, EntityLinks& links) {
  EntityIn in(loader.open(slot), entity);
  in.set_info(slot.info);
  in.read_common();
  links = in.links();
  if (!in.ok()) {
    slot.fate = Fate::declared;
    in.warn("DWG_ENTITY_UNREADABLE", "An entity is damaged and was left out.");
    return false;
  }
  slot.fate = Fate::entity;
  if (slot.row->read_entity == nullptr) {
    entity.geometry = read_unknown(in);
    in.warn("ENTITY_UNSUPPORTED",
            "Entities of this type are kept by their name only; what they hold is not read.");
  } else {
    entity.geometry = slot.row->read_entity(in);
    links = in.links();
    loader.note_leftover(in);
  }
  if (!in.ok() || !in.strings().ok()) {
    in.warn("DWG_ENTITY_DAMAGED", "An entity is damaged; it is kept by its type only.");
    entity.geometry = read_unknown(in);
  } else if (!in.handles().ok()) {
    in.warn("DWG_REFERENCES_DAMAGED",
            "The references of an entity are damaged; its layer, style or block may be wrong.");
  }
  if (in.bad_number())
    in.warn("DWG_BAD_NUMBER", "A number is not finite or absurdly large; read as 0.");
  if (links.extension_dictionary != 0) {
    loader.extra_of(entity.extra);
    Loader::PendingExtension pending{entity.extra, links.extension_dictionary, {}};
    if (const auto* insert = std::get_if<Indirect<Insert>>(&entity.geometry))
      pending.block = (*insert)->block;
    loader.pending_extensions().push_back(pending);
  }
  return true;
}

namespace {

bool is_paper(const Loader& loader, BlockId block) { return block != loader.model_space; }

class BlockReader {
 public:
  explicit BlockReader(Loader& loader) : loader_(loader) {}
  void read(const BlockContents& contents);
  void place_rest();

 private:
  void read_list(const BlockContents& contents);
  void read_chain(const BlockContents& contents);
  bool is_space(BlockId id);
  // The entity's links; nothing when it was not read.
  std::optional<EntityLinks> append(Slot& slot, BlockId block);
  void structure(Handle h, Role role);

  Loader& loader_;
  std::uint64_t done_ = 0;
};

bool BlockReader::is_space(BlockId id) {
  const std::string& name = loader_.drawing().at(id).name;
  return name.size() > 6 && name[0] == '*' &&
         (id == loader_.model_space || fold_case(name).starts_with("*paper_space"));
}

std::optional<EntityLinks> BlockReader::append(Slot& slot, BlockId block) {
  slot.claimed = true;
  loader_.report_progress(++done_ * 100, loader_.slots().size() * 100);
  const bool space = is_space(block);
  if (!loader_.room_for_entity(!space)) {
    slot.fate = Fate::declared;
    return {};
  }
  Entity entity;
  EntityLinks links;
  if (!read_entity(loader_, slot, entity, links)) return links;
  entity.paper_space = space && is_paper(loader_, block);
  loader_.drawing().at(block).entities.push_back(std::move(entity));
  return links;
}

void BlockReader::structure(Handle h, Role role) {
  if (Slot* const slot = loader_.find(h); slot != nullptr && slot->role == role)
    slot->fate = Fate::structure;
}

void BlockReader::read_list(const BlockContents& contents) {
  loader_.drawing()
      .at(contents.block)
      .entities.reserve(std::min(contents.entities.size(), loader_.slots().size()));
  for (const Handle h : contents.entities) {
    Slot* const slot = loader_.find(h);
    if (slot == nullptr || slot->role != Role::entity) {
      if (slot == nullptr || slot->role != Role::unreadable)
        loader_.warn("DWG_BLOCK_LIST", "BLOCK_HEADER",
                     "A block lists something that is no entity of the drawing.", h);
      continue;
    }
    if (slot->claimed) {
      loader_.warn("DWG_ENTITY_LISTED_TWICE", "BLOCK_HEADER",
                   "An entity is listed by two blocks; it is kept in the first.", h);
      continue;
    }
    append(*slot, contents.block);
  }
}

void BlockReader::read_chain(const BlockContents& contents) {
  Handle at = contents.first;
  while (at != 0) {
    Slot* const slot = loader_.find(at);
    if (slot == nullptr || slot->claimed || slot->role != Role::entity) break;
    const auto links = append(*slot, contents.block);
    if (!links || at == contents.last) break;
    at = links->next;
  }
}

void BlockReader::read(const BlockContents& contents) {
  structure(contents.begin, Role::block_begin);
  structure(contents.end, Role::block_end);
  if (loader_.version() >= Version::r2004) {
    read_list(contents);
  } else {
    read_chain(contents);
  }
}

void BlockReader::place_rest() {
  for (Slot& slot : loader_.slots()) {
    if (slot.role != Role::entity || slot.claimed) continue;
    Entity ignored;
    EntityIn in(loader_.open(slot), ignored);
    in.read_head();
    BlockId block = loader_.block(in.links().owner);
    if (in.links().mode == 1) block = loader_.paper_space;
    if (in.links().mode == 2) block = loader_.model_space;
    if (!in.ok() || !block.valid()) {
      slot.fate = Fate::declared;
      in.warn("DWG_ENTITY_WITHOUT_OWNER",
              "An entity belongs to no block of the drawing and was left out.");
      continue;
    }
    append(slot, block);
  }
}

}  // namespace

void read_block_entities(Loader& loader, const std::vector<BlockContents>& blocks) {
  BlockReader reader(loader);
  for (const BlockContents& contents : blocks) reader.read(contents);
  reader.place_rest();
}

}  // namespace cad::dwg
