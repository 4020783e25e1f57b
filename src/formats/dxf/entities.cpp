// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/entities.hpp"

#include <algorithm>
#include <map>

#include "formats/dxf/entity_table.hpp"
#include "formats/dxf/entity_tags.hpp"
#include "formats/dxf/polylines.hpp"
#include "formats/dxf/unknown.hpp"

namespace cad::dxf {
namespace {

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool is_type_name(std::string_view word) {
  return word.size() <= 255 && std::ranges::any_of(word, is_letter) &&
         std::ranges::all_of(word, [](char c) {
           return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '$' || c == '*' ||
                  c == '.';
         });
}

void skip_record(TagCursor& tags) {
  while (tags.next()) {
    if (tags.code() != 0) continue;
    tags.push_back();
    return;
  }
}

// The word of the next group 0 when it is one of the record's followers; the cursor is then on it.
bool followed_by(TagCursor& tags, std::string_view word) {
  if (!tags.next()) return false;
  if (tags.code() == 0 && tags.word() == word) return true;
  tags.push_back();
  return false;
}

void read_attributes(Loader& loader, Insert& insert, bool in_block) {
  Placement ignored;
  while (followed_by(loader.tags(), "ATTRIB"))
    read_entity(loader, insert.attributes, in_block, ignored);
  if (followed_by(loader.tags(), "SEQEND")) skip_record(loader.tags());
}

void read_vertices(Loader& loader, Polyline& polyline) {
  TagCursor& tags = loader.tags();
  Entity common;
  while (followed_by(tags, "VERTEX")) {
    common.handle = 0;
    EntityTags in(tags, loader, common, "VERTEX", kOwnCodes);
    read_vertex(in, polyline);
  }
  if (followed_by(tags, "SEQEND")) skip_record(tags);
}

}  // namespace

void append_entities(std::vector<Entity>& to, std::vector<Entity>&& from) {
  if (to.empty()) {
    to = std::move(from);
  } else {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  }
}

bool read_entity(Loader& loader, std::vector<Entity>& out, bool in_block, Placement& placement) {
  TagCursor& tags = loader.tags();
  const std::string_view type = tags.word();
  if (!loader.room_for_entity(in_block)) {
    skip_record(tags);
    return false;
  }
  const EntityRow* const row = find_entity_row(type);
  if (row == nullptr)
    loader.warn("ENTITY_UNSUPPORTED", type,
                "Entities of this type are kept by their name only; what they hold is not read.");
  Entity& entity = out.emplace_back();
  EntityTags in(tags, loader, entity, type, row != nullptr ? row->traits : kKeepsGraphics);
  entity.geometry = row != nullptr ? row->read(in) : read_unknown(in);
  while (in.next()) {
  }
  if (!entity.layer.valid()) entity.layer = loader.layer({});
  placement = {in.owner(), in.layout_name()};
  if (auto* insert = std::get_if<Indirect<Insert>>(&entity.geometry)) {
    auto& pending = loader.pending_extensions();
    if (!pending.empty() && pending.back().extra == entity.extra && entity.extra.valid())
      pending.back().block = (*insert)->block;
    read_attributes(loader, **insert, in_block);
  } else if (auto* polyline = std::get_if<Indirect<Polyline>>(&entity.geometry)) {
    read_vertices(loader, **polyline);
  }
  loader.report_progress();
  return true;
}

namespace {

bool ends_section(std::string_view word) {
  return word == "ENDSEC" || word == "EOF" || word == "SECTION";
}

// Words that follow group 0 but are no entities.
bool is_structure(std::string_view word) {
  return word == "VERTEX" || word == "SEQEND" || word == "ENDBLK" || word == "BLOCK" ||
         word == "TABLE" || word == "ENDTAB";
}

void skip_stray(Loader& loader, std::string_view word) {
  if (word != "SEQEND")
    loader.warn("DXF_STRAY_RECORD", is_type_name(word) ? word : "DXF",
                "A record stands where it does not belong; left out.");
  skip_record(loader.tags());
}

// Where the entities of ENTITIES go: nearly all to model space, so they are read into its list.
class Spaces {
 public:
  explicit Spaces(Loader& loader) : loader_(loader), begin_(loader.tags().offset()) {}
  // The list with room for one more entity.
  std::vector<Entity>& model() {
    if (model_.size() == model_.capacity()) grow();
    return model_;
  }
  void place_last(const Placement& placement);
  void finish();

 private:
  BlockId block_of(Handle owner);
  void grow();
  Loader& loader_;
  std::uint64_t begin_;  // of the section in the file
  std::vector<Entity> model_;
  std::map<BlockId, std::vector<Entity>> others_;
  Handle last_owner_ = 0;
  BlockId last_block_;
};

// The layout block with this handle; none for 0, unknown handles and ordinary blocks.
BlockId Spaces::block_of(Handle owner) {
  if (owner == last_owner_) return last_block_;
  last_owner_ = owner;
  last_block_ = loader_.names().block_by_handle(owner);
  if (!last_block_.valid()) return last_block_;
  const std::string& name = loader_.drawing().at(last_block_).name;
  if (!is_model_space(name) && !is_paper_space(name)) last_block_ = {};
  return last_block_;
}

// Moving a million entities again and again costs more than reading them: what has been read tells
// how many the rest of the file can hold. A guess from few is made only where a wrong one is cheap.
void Spaces::grow() {
  constexpr std::uint64_t kSmall = 1 << 20;
  const std::size_t have = model_.size();
  std::size_t room = std::max<std::size_t>(2 * have, 64);
  const std::uint64_t read = loader_.tags().offset() - begin_;
  const std::uint64_t left = loader_.tags().size() - loader_.tags().offset();
  if (read > 0 && (have >= 4096 || (have >= 64 && left <= kSmall))) {
    const double expected =
        static_cast<double>(have) * static_cast<double>(left) / static_cast<double>(read) * 1.02;
    room = have + std::max<std::size_t>(static_cast<std::size_t>(expected), have / 8);
  }
  model_.reserve(std::min(room, std::max(loader_.limits().max_entities, have + 1)));
}

void Spaces::place_last(const Placement& placement) {
  Entity& entity = model_.back();
  BlockId block = block_of(placement.owner);
  if (!block.valid() && entity.paper_space) {
    if (!placement.layout_name.empty()) {
      const std::string name = fold_case(loader_.decode(placement.layout_name));
      loader_.entities_by_layout()[name].push_back(std::move(entity));
      model_.pop_back();
      return;
    }
    block = loader_.paper_space();
  }
  if (!block.valid() || block == loader_.model_space()) {
    entity.paper_space = false;
    return;
  }
  entity.paper_space = true;
  others_[block].push_back(std::move(entity));
  model_.pop_back();
}

void Spaces::finish() {
  append_entities(loader_.drawing().at(loader_.model_space()).entities, std::move(model_));
  for (auto& [block, entities] : others_)
    append_entities(loader_.drawing().at(block).entities, std::move(entities));
}

}  // namespace

void read_entities_section(Loader& loader) {
  TagCursor& tags = loader.tags();
  Spaces spaces(loader);
  while (tags.next()) {
    if (tags.code() != 0) continue;
    const std::string_view word = tags.word();
    if (ends_section(word)) {
      if (word != "ENDSEC") tags.push_back();
      break;
    }
    if (is_structure(word) || !is_type_name(word)) {
      skip_stray(loader, word);
      continue;
    }
    Placement placement;
    if (read_entity(loader, spaces.model(), false, placement)) spaces.place_last(placement);
  }
  spaces.finish();
}

void read_block_entities(Loader& loader, std::vector<Entity>& out) {
  TagCursor& tags = loader.tags();
  while (tags.next()) {
    if (tags.code() != 0) continue;
    const std::string_view word = tags.word();
    if (word == "ENDBLK") {
      skip_record(tags);
      return;
    }
    if (word == "BLOCK" || ends_section(word)) {
      loader.warn("DXF_OPEN_BLOCK", "BLOCK", "A block definition has no end.");
      tags.push_back();
      return;
    }
    if (is_structure(word) || !is_type_name(word)) {
      skip_stray(loader, word);
      continue;
    }
    Placement ignored;
    read_entity(loader, out, true, ignored);
  }
}

}  // namespace cad::dxf
