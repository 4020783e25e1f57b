// SPDX-License-Identifier: Apache-2.0
// BLOCK_HEADER (ODA 20.4.52).
#include "formats/dwg/block_headers.hpp"

#include <cstdlib>
#include <unordered_set>

#include "formats/dwg/entity_in.hpp"
#include "formats/dwg/xdata.hpp"

namespace cad::dwg {
namespace {

struct HeaderFlags {
  bool anonymous = false, has_attributes = false, xref = false, overlay = false;
  std::uint16_t group_70(bool xref_dependent) const {
    return static_cast<std::uint16_t>((anonymous ? 1 : 0) | (has_attributes ? 2 : 0) |
                                      (xref ? 4 : 0) | (overlay ? 8 : 0) |
                                      (xref_dependent ? 16 : 0));
  }
};

// Names that a dynamic block's anonymous representation carries.
void take_dynamic_name(ObjectIn& in, Block& block, Handle& source) {
  for (const XdataApp& app : decode_eed(in))
    for (const XdataItem& item : app.items) {
      const auto* text = std::get_if<std::string>(&item.value);
      if (text == nullptr) continue;
      if (app.app == "AcDbBlockRepETag" && item.code == 1005)
        source = std::strtoull(text->c_str(), nullptr, 16);
      if (app.app.starts_with("AcDbDynamicBlockTrueName") && item.code == 1000)
        block.dynamic_name = *text;
    }
}

struct Header {
  BlockContents contents;
  Handle dynamic_source = 0;
};

Header read_header(ObjectIn& in, BlockId id, Block& block, bool xref_dependent) {
  Header header;
  HeaderFlags flags;
  flags.anonymous = in.b();
  flags.has_attributes = in.b();
  flags.xref = in.b();
  flags.overlay = in.b();
  if (in.from(Version::r2000)) in.b();  // loaded
  const bool is_external = flags.xref || flags.overlay;
  const std::uint32_t owned = in.from(Version::r2004) && !is_external ? in.ubl() : 0;
  block.flags = flags.group_70(xref_dependent);
  block.base_point = in.bd3();
  block.xref_path = in.text();
  std::size_t inserts = 0;
  if (in.from(Version::r2000)) {
    while (in.ok() && in.rc() != 0) ++inserts;
    block.description = in.text();
    in.skip(std::uint64_t{in.ubl()} * 8);  // preview image
  }
  if (in.from(Version::r2007)) {
    block.insunits = in.ubs();
    in.b();   // explodable
    in.rc();  // scaling
  }
  BlockContents& contents = header.contents;
  in.handle();
  contents.begin = in.handle();
  if (!in.from(Version::r2004) && !is_external) {
    contents.first = in.handle();
    contents.last = in.handle();
  }
  const std::size_t believed = in.handles().count(owned, 8);
  contents.entities.reserve(believed);
  for (std::size_t i = 0; i < believed; ++i) contents.entities.push_back(in.handle());
  contents.end = in.handle();
  if (in.from(Version::r2000)) {
    for (std::size_t i = 0; i < inserts && in.handles_left(); ++i) in.handle();
    const Handle layout = in.handle();
    if (layout != 0) in.loader().block_of_layout().emplace(layout, id);
  }
  take_dynamic_name(in, block, header.dynamic_source);
  return header;
}

bool is_numbered_kind(std::string_view name) { return name.size() == 2 && name[0] == '*'; }
bool is_paper_space(std::string_view name) { return fold_case(name) == "*paper_space"; }

// The name that the block's BLOCK entity states.
std::string begin_name(Loader& loader, Handle begin) {
  const Slot* const slot = loader.find(begin);
  if (slot == nullptr || slot->role != Role::block_begin) return {};
  Entity ignored;
  EntityIn in(loader.open(*slot), ignored);
  in.read_head();
  std::string name = in.text();
  return in.all_ok() ? name : std::string();
}

// Headers of anonymous blocks are named "*U", "*D" ..., those of all sheets "*Paper_Space": the
// number is in the name of the BLOCK entity. Where that is another (2000 and 2004 files keep the
// name of a dynamic block there), the place in the table is the number.
class BlockNames {
 public:
  std::string unique(std::string name, const std::string& begin, std::size_t place) {
    const bool numbered = is_numbered_kind(name), space = is_paper_space(name);
    if ((numbered || space) && begin.size() > name.size() &&
        fold_case(std::string_view(begin).substr(0, name.size())) == fold_case(name)) {
      name = begin;
    } else if (numbered) {
      name += std::to_string(place);
    }
    std::string candidate = name;
    for (std::size_t n = 0; !used_.insert(fold_case(candidate)).second; ++n)
      candidate = name + (space ? "" : "~") + std::to_string(n);
    return candidate;
  }

 private:
  std::unordered_set<std::string> used_;
};

}  // namespace

std::vector<BlockContents> read_block_headers(Loader& loader,
                                              const std::vector<ListedRecord>& records) {
  std::vector<BlockContents> all;
  std::vector<std::pair<BlockId, Handle>> dynamic;
  BlockNames names;
  for (const auto& [slot, place] : records) {
    slot->fate = Fate::nongraphic;
    ObjectIn in = loader.open(*slot);
    begin_object(in);
    RecordHead head = read_record_head(in);
    if (!loader.room_for_record()) {
      slot->role = Role::other_record;
      continue;
    }
    Block block;
    const BlockId id{static_cast<std::uint32_t>(loader.drawing().blocks.size())};
    Header header = read_header(in, id, block, head.xref_dependent);
    std::string begin;
    if (is_numbered_kind(head.name) || is_paper_space(head.name))
      begin = begin_name(loader, header.contents.begin);
    if (is_numbered_kind(head.name) && !begin.starts_with('*') && block.dynamic_name.empty())
      block.dynamic_name = begin;
    block.name = names.unique(std::move(head.name), begin, place);
    block.handle = slot->handle;
    slot->record = id.index;
    header.contents.block = id;
    header.contents.header = slot->handle;
    if (header.dynamic_source != 0) dynamic.emplace_back(id, header.dynamic_source);
    loader.note_leftover(in);
    if (!in.all_ok())
      in.warn("DWG_RECORD_DAMAGED", "A table record is damaged; some of its values may be wrong.");
    loader.drawing().blocks.push_back(std::move(block));
    all.push_back(std::move(header.contents));
  }
  for (const auto& [id, source] : dynamic) {
    const BlockId from = loader.block(source);
    Block& block = loader.drawing().at(id);
    if (from.valid() && from != id && block.dynamic_name.empty())
      block.dynamic_name = loader.drawing().at(from).name;
  }
  return all;
}

}  // namespace cad::dwg
