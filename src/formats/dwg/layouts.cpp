// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/layouts.hpp"

#include <algorithm>
#include <set>

namespace cad::dwg {
namespace {

constexpr double kEmptyExtents = 1e300;  // of a layout that shows nothing: 1e20, no coordinate

bool is_model_space(const Block& block) { return fold_case(block.name) == "*model_space"; }
bool is_paper_space(const Block& block) {
  return fold_case(std::string_view(block.name).substr(0, 16)).starts_with("*paper_space");
}

class LayoutLinker {
 public:
  explicit LayoutLinker(Loader& loader) : loader_(loader), drawing_(loader.drawing()) {}
  void run();

 private:
  BlockId stated_block(const FoundLayout& found);
  void add(std::string name, BlockId block);
  void add_missing();
  Loader& loader_;
  Drawing& drawing_;
  std::set<BlockId> used_;
};

// By the layout's own reference, else by the block header's reference back.
BlockId LayoutLinker::stated_block(const FoundLayout& found) {
  const auto is_space = [this](BlockId id) {
    return id.valid() && (is_model_space(drawing_.at(id)) || is_paper_space(drawing_.at(id)));
  };
  if (const BlockId id = loader_.block(found.block_record); is_space(id)) return id;
  const auto it = loader_.block_of_layout().find(found.layout.handle);
  if (it != loader_.block_of_layout().end() && is_space(it->second)) return it->second;
  return {};
}

void LayoutLinker::add(std::string name, BlockId block) {
  Layout layout;
  layout.name = std::move(name);
  layout.block = block;
  layout.is_model = block == loader_.model_space;
  layout.tab_order = static_cast<std::int32_t>(drawing_.layouts.size());
  drawing_.layouts.push_back(std::move(layout));
  used_.insert(block);
}

void LayoutLinker::add_missing() {
  if (!used_.contains(loader_.model_space)) add("Model", loader_.model_space);
  const bool none_found = loader_.layouts().empty();
  std::size_t number = 1;
  for (std::uint32_t i = 0; i < drawing_.blocks.size(); ++i) {
    const Block& block = drawing_.blocks[i];
    if (!is_paper_space(block) || used_.contains(BlockId{i})) continue;
    if (!none_found) {
      if (block.entities.empty()) continue;
      loader_.warn("DWG_LAYOUT_MISSING", "LAYOUT",
                   "A sheet has no LAYOUT object; kept under its block's name.", block.handle);
    }
    std::string name = block.name;
    if (fold_case(name) == "*paper_space") {
      do {
        name = "Layout" + std::to_string(number++);
      } while (std::ranges::find(drawing_.layouts, name, &Layout::name) != drawing_.layouts.end());
    }
    add(std::move(name), BlockId{i});
  }
}

void LayoutLinker::run() {
  for (FoundLayout& found : loader_.layouts()) {
    Layout& layout = found.layout;
    layout.block = stated_block(found);
    if (!layout.block.valid() || !used_.insert(layout.block).second) {
      loader_.warn("DWG_LAYOUT_REPAIRED", "LAYOUT",
                   "A layout does not say which block it shows, or shows another's; left out.",
                   layout.handle);
      continue;
    }
    layout.is_model = layout.block == loader_.model_space;
    drawing_.layouts.push_back(std::move(layout));
  }
  add_missing();
  std::ranges::stable_sort(drawing_.layouts, [](const Layout& a, const Layout& b) {
    if (a.is_model != b.is_model) return a.is_model;
    return a.tab_order < b.tab_order;
  });
}

void read_plot_settings(ObjectIn& in, Layout& layout) {
  in.text();  // page setup
  in.text();  // printer
  in.bs();    // flags
  layout.margin_left_bottom = in.bd2();
  layout.margin_right_top = in.bd2();
  layout.paper_width_mm = in.bd();
  layout.paper_height_mm = in.bd();
  in.text();  // paper size
  in.bd2();   // plot origin
  layout.plot_units = in.ubs();
  layout.plot_rotation = in.ubs() & 3;
  in.bs();                                  // what is plotted
  in.bd2();                                 // window
  in.bd2();                                 // window
  if (!in.from(Version::r2004)) in.text();  // view
  layout.plot_scale_numerator = in.bd();
  layout.plot_scale_denominator = in.bd();
  in.text();  // style sheet
  in.bs();    // scale type
  in.bd();    // scale factor
  in.bd2();   // paper image origin
  if (in.from(Version::r2004)) {
    in.bs();      // shade plot
    in.bs();      // its resolution
    in.bs();      // its dots per inch
    in.handle();  // view
  }
  if (in.from(Version::r2007)) in.handle();  // visual style
}

}  // namespace

void read_layout(ObjectIn& in) {
  begin_object(in);
  FoundLayout found;
  Layout& layout = found.layout;
  layout.handle = in.self();
  read_plot_settings(in, layout);
  layout.name = in.text();
  layout.tab_order = in.bl();
  in.bs();   // flags
  in.bd3();  // UCS origin
  layout.limits_min = in.rd2();
  layout.limits_max = in.rd2();
  in.bd3();  // insertion base point
  in.bd3();  // UCS x axis
  in.bd3();  // UCS y axis
  in.bd();   // elevation
  in.bs();   // orthographic type
  in.set_max_coordinate(kEmptyExtents);
  layout.extents_min = in.bd3();
  layout.extents_max = in.bd3();
  const std::uint32_t viewports = in.from(Version::r2004) ? in.ubl() : 0;
  found.block_record = in.handle();
  in.handle();  // last active viewport
  in.handle();  // base UCS
  in.handle();  // named UCS
  const std::size_t count = in.handles().count(viewports, 8);
  for (std::size_t i = 0; i < count; ++i) in.handle();
  Loader& loader = in.loader();
  if (in.all_ok() && loader.room_for_record()) loader.layouts().push_back(std::move(found));
}

void find_spaces(Loader& loader) {
  std::vector<Block>& blocks = loader.drawing().blocks;
  for (std::uint32_t i = 0; i < blocks.size(); ++i) {
    if (is_model_space(blocks[i])) loader.model_space = BlockId{i};
    if (fold_case(blocks[i].name) == "*paper_space") loader.paper_space = BlockId{i};
  }
  if (loader.model_space.valid()) return;
  loader.warn("DWG_NO_MODEL_SPACE", "BLOCK_HEADER",
              "The drawing has no model space; an empty one is shown.");
  loader.model_space = BlockId{static_cast<std::uint32_t>(blocks.size())};
  blocks.emplace_back().name = "*Model_Space";
}

void link_layouts(Loader& loader) { LayoutLinker(loader).run(); }

}  // namespace cad::dwg
