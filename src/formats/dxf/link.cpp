// SPDX-License-Identifier: Apache-2.0
// What no section can settle alone: layouts and their blocks, styles of linetypes, names of dynamic
// blocks. Broken references are repaired where the drawing leaves one reading, and reported.
#include <algorithm>
#include <map>
#include <set>

#include "formats/dxf/entities.hpp"
#include "formats/dxf/extensions.hpp"
#include "formats/dxf/sections.hpp"

namespace cad::dxf {
namespace {

void link_linetype_styles(Loader& loader) {
  for (const auto& pending : loader.pending_styles())
    loader.drawing().linetypes[pending.linetype.index].elements[pending.element].style =
        loader.names().text_style_by_handle(pending.style);
}

void link_dynamic_names(Loader& loader) {
  for (const auto& [id, source] : loader.pending_dynamic()) {
    Block& block = loader.drawing().at(id);
    const BlockId dynamic = loader.names().block_by_handle(source);
    if (dynamic.valid() && dynamic != id && block.dynamic_name.empty())
      block.dynamic_name = loader.drawing().at(dynamic).name;
  }
}

// Puts together which layout shows which block.
class LayoutLinker {
 public:
  explicit LayoutLinker(Loader& loader) : loader_(loader), drawing_(loader.drawing()) {}
  void run();

 private:
  BlockId stated_block(const FoundLayout& found);
  void link_stated();
  void link_unresolved();
  void place_named_entities();
  void add_missing();
  void add(std::string name, BlockId block);
  void report(std::string_view code, std::string_view message) {
    loader_.diagnostics().warn(code, "LAYOUT", message);
  }

  Loader& loader_;
  Drawing& drawing_;
  std::set<BlockId> used_;
  std::vector<Layout> unresolved_;
};

// By the layout's own reference, else by the block record's reference back.
BlockId LayoutLinker::stated_block(const FoundLayout& found) {
  const auto is_space = [this](BlockId id) {
    return id.valid() &&
           (is_model_space(drawing_.at(id).name) || is_paper_space(drawing_.at(id).name));
  };
  if (const BlockId id = loader_.names().block_by_handle(found.block_record); is_space(id))
    return id;
  const auto it = loader_.block_of_layout().find(found.layout.handle);
  if (it != loader_.block_of_layout().end() && is_space(it->second)) return it->second;
  return fold_case(found.layout.name) == "model" ? loader_.model_space() : BlockId{};
}

void LayoutLinker::link_stated() {
  for (FoundLayout& found : loader_.layouts()) {
    Layout& layout = found.layout;
    layout.block = stated_block(found);
    if (!layout.block.valid() || !used_.insert(layout.block).second) {
      unresolved_.push_back(std::move(layout));
      continue;
    }
    layout.is_model = layout.block == loader_.model_space();
    drawing_.layouts.push_back(std::move(layout));
  }
}

void LayoutLinker::link_unresolved() {
  std::uint32_t next = 0;
  std::size_t made = 0;
  for (Layout& layout : unresolved_) {
    report("DXF_LAYOUT_REPAIRED",
           "A layout does not say which block it shows; given one that no other layout shows.");
    layout.block = {};
    for (; next < drawing_.blocks.size(); ++next) {
      const BlockId id{next};
      if (!is_paper_space(drawing_.at(id).name) || !used_.insert(id).second) continue;
      layout.block = id;
      break;
    }
    while (!layout.block.valid() && made <= unresolved_.size() + used_.size()) {
      const BlockId id = loader_.names().block("*Paper_Space" + std::to_string(made++));
      if (id.valid() && used_.insert(id).second) layout.block = id;
    }
    if (layout.block.valid()) drawing_.layouts.push_back(std::move(layout));
  }
}

void LayoutLinker::place_named_entities() {
  std::map<std::string, BlockId> blocks;
  for (const Layout& layout : drawing_.layouts) blocks[fold_case(layout.name)] = layout.block;
  for (auto& [name, entities] : loader_.entities_by_layout()) {
    const auto named = blocks.find(name);
    BlockId block = named != blocks.end() ? named->second : loader_.paper_space();
    if (!block.valid()) block = loader_.model_space();
    for (Entity& entity : entities) entity.paper_space = block != loader_.model_space();
    append_entities(drawing_.at(block).entities, std::move(entities));
  }
}

void LayoutLinker::add(std::string name, BlockId block) {
  Layout layout;
  layout.name = std::move(name);
  layout.block = block;
  layout.is_model = block == loader_.model_space();
  layout.tab_order = static_cast<std::int32_t>(drawing_.layouts.size());
  drawing_.layouts.push_back(std::move(layout));
  used_.insert(block);
}

// Model space always; sheets that R12 and damaged files have without a LAYOUT object.
void LayoutLinker::add_missing() {
  const bool none_found = loader_.layouts().empty();
  const bool has_layouts = drawing_.version >= "AC1012";  // R13 brought them (as blocks)
  if (!used_.contains(loader_.model_space())) add("Model", loader_.model_space());
  std::size_t number = 1;
  for (std::uint32_t i = 0; i < drawing_.blocks.size(); ++i) {
    const Block& block = drawing_.blocks[i];
    if (!is_paper_space(block.name) || used_.contains(BlockId{i})) continue;
    const bool is_empty_sheet =
        none_found && has_layouts && !block.implicit && fold_case(block.name) == "*paper_space";
    if (block.entities.empty() && !is_empty_sheet) continue;
    if (!none_found)
      report("DXF_LAYOUT_MISSING", "A sheet has no LAYOUT object; kept under its block's name.");
    // The block's name is the only one such a sheet has; the first sheet's says nothing.
    std::string name = block.name;
    if (fold_case(name) == "*paper_space") {
      do {
        name = "Layout" + std::to_string(number++);
      } while (std::ranges::any_of(drawing_.layouts,
                                   [&name](const Layout& layout) { return layout.name == name; }));
    }
    add(std::move(name), BlockId{i});
  }
}

void LayoutLinker::run() {
  link_stated();
  link_unresolved();
  place_named_entities();
  add_missing();
  std::ranges::stable_sort(drawing_.layouts, [](const Layout& a, const Layout& b) {
    if (a.is_model != b.is_model) return a.is_model;
    return a.tab_order < b.tab_order;
  });
}

void report_missing_blocks(Loader& loader) {
  for (const BlockId id : loader.block_records()) {
    Block& block = loader.drawing().at(id);
    if (!block.implicit) continue;
    block.implicit = !is_model_space(block.name) && !is_paper_space(block.name);
    loader.diagnostics().warn("DXF_MISSING_BLOCK", "BLOCK_RECORD",
                              "A block record has no block definition; the block is empty.",
                              std::string_view(block.name).substr(0, 100));
  }
  for (const Block& block : loader.drawing().blocks) {
    if (!block.implicit || block.handle != 0) continue;
    if (is_model_space(block.name) || is_paper_space(block.name)) continue;
    loader.diagnostics().warn("DXF_MISSING_BLOCK", "INSERT",
                              "A block that is inserted is not defined in the drawing.",
                              std::string_view(block.name).substr(0, 100));
  }
}

// Handles are usually dense, so that a bit each is cheaper than sorting.
std::uint64_t count_repeated(std::vector<Handle>& handles) {
  if (handles.empty()) return 0;
  std::uint64_t repeated = 0;
  const Handle highest = *std::ranges::max_element(handles);
  if (highest / 256 <= handles.size()) {
    std::vector<bool> seen(highest + 1);
    for (const Handle h : handles) {
      repeated += seen[h];
      seen[h] = true;
    }
    return repeated;
  }
  std::ranges::sort(handles);
  for (std::size_t i = 1; i < handles.size(); ++i) repeated += handles[i] == handles[i - 1];
  return repeated;
}

void report_duplicate_handles(Loader& loader) {
  std::vector<Handle> handles;
  for (const Block& block : loader.drawing().blocks)
    for (const Entity& entity : block.entities)
      if (entity.handle != 0) handles.push_back(entity.handle);
  const std::uint64_t repeated = count_repeated(handles);
  if (repeated == 0) return;
  loader.diagnostics().warn("DXF_DUPLICATE_HANDLE", "ENTITIES",
                            "Entities share a handle, which should be theirs alone.", {}, repeated);
}

// Files from before R13 and minimal ones need not state a version: they are read as R12.
void settle_version(Loader& loader) {
  if (!loader.drawing().version.empty()) return;
  loader.drawing().version = "AC1009";
  loader.diagnostics().add(Severity::info, "DXF_NO_VERSION", "$ACADVER",
                           "The file does not state its version; read as R12 (AC1009).");
}

}  // namespace

void link(Loader& loader) {
  settle_version(loader);
  link_linetype_styles(loader);
  link_dynamic_names(loader);
  LayoutLinker(loader).run();
  read_extensions(loader);
  report_missing_blocks(loader);
  report_duplicate_handles(loader);
}

}  // namespace cad::dxf
