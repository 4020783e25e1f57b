// SPDX-License-Identifier: Apache-2.0
// What the section readers of one drawing share: the drawing under construction, names, text
// decoding, budgets, and what later sections have to resolve.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/encoding.hpp"
#include "formats/dxf/names.hpp"
#include "formats/dxf/objects.hpp"
#include "formats/dxf/tags.hpp"
#include "formats/format.hpp"
#include "model/drawing.hpp"

namespace cad::dxf {

// From CLASSES: what an application says of its entity type.
struct ClassInfo {
  std::string dxf_name, class_name, app_name;
  bool is_entity = false;
};

// "*Model_Space", "*Paper_Space3" and R12's "$MODEL_SPACE".
bool is_model_space(std::string_view block_name);
bool is_paper_space(std::string_view block_name);

class Loader {
 public:
  Loader(TagCursor& tags, const ReadContext& context);

  TagCursor& tags() { return tags_; }
  Drawing& drawing() { return drawing_; }
  Names& names() { return names_; }
  const Limits& limits() const { return context_.limits; }
  Diagnostics& diagnostics() { return context_.diagnostics; }

  // --- text
  CadText& encoding() { return encoding_; }
  std::string decode(std::string_view raw);
  // The layer of a raw name: remembers the last ones.
  LayerId layer(std::string_view raw);

  // --- budgets
  // True while another entity fits; else notes the truncation.
  bool room_for_entity(bool in_block);
  bool room_for_vertex(std::size_t have, std::string_view type);
  bool room_for_xdata(std::size_t bytes);
  bool room_for_dash();  // of all linetypes together: Limits::max_dashes
  void report_progress();

  // --- CLASSES
  void add_class(ClassInfo info);
  const ClassInfo* class_named(std::string_view dxf_name) const;
  const ClassInfo* class_of_id(std::int64_t id) const;  // proxies name them so: the first is 500

  // --- what later sections resolve
  // An entity's extension dictionary: filled in from OBJECTS.
  struct PendingExtension {
    ExtraId extra;
    Handle dictionary = 0;
    BlockId block;  // of an INSERT
  };
  std::vector<PendingExtension>& pending_extensions() { return pending_extensions_; }
  // Text styles of linetype elements: STYLE comes behind LTYPE.
  struct PendingStyle {
    LinetypeId linetype;
    std::uint32_t element = 0;
    Handle style = 0;
  };
  std::vector<PendingStyle>& pending_styles() { return pending_styles_; }
  // Anonymous blocks that show a dynamic one: (block, record of the dynamic block).
  std::vector<std::pair<BlockId, Handle>>& pending_dynamic() { return pending_dynamic_; }
  // From BLOCK_RECORD: the LAYOUT object of a space's block.
  std::unordered_map<Handle, BlockId>& block_of_layout() { return block_of_layout_; }
  // Blocks with a BLOCK_RECORD, in its order.
  std::vector<BlockId>& block_records() { return block_records_; }
  std::vector<FoundLayout>& layouts() { return layouts_; }
  ObjectIndex& objects() { return objects_; }
  Extra& extra_of(ExtraId& id);  // made on first use
  // Entities that name their layout (group 410) but not its block, by folded layout name.
  std::map<std::string, std::vector<Entity>>& entities_by_layout() { return entities_by_layout_; }

  // From ACDSDATA: binary solids by entity.
  std::unordered_map<Handle, std::string>& solid_data() { return solid_data_; }

  // --- the spaces' blocks: made when the file does not define them
  BlockId model_space() { return names_.block("*Model_Space"); }
  BlockId paper_space() { return names_.block("*Paper_Space"); }

  // At the present group.
  void warn(std::string_view code, std::string_view subject, std::string_view message);

 private:
  struct CachedLayer {
    std::string_view raw;
    LayerId id;
  };

  TagCursor& tags_;
  const ReadContext& context_;
  Drawing drawing_;
  Names names_;
  CadText encoding_;
  std::array<CachedLayer, 256> layer_cache_{};
  std::vector<ClassInfo> classes_;
  std::map<std::string, std::size_t, std::less<>> class_names_;
  std::vector<PendingExtension> pending_extensions_;
  std::vector<PendingStyle> pending_styles_;
  std::vector<std::pair<BlockId, Handle>> pending_dynamic_;
  std::unordered_map<Handle, BlockId> block_of_layout_;
  std::vector<BlockId> block_records_;
  std::vector<FoundLayout> layouts_;
  ObjectIndex objects_;
  std::map<std::string, std::vector<Entity>> entities_by_layout_;
  std::unordered_map<Handle, std::string> solid_data_;
  std::size_t entities_ = 0, block_entities_ = 0, xdata_bytes_ = 0, dashes_ = 0;
  std::uint64_t reported_ = 0;
};

}  // namespace cad::dxf
