// SPDX-License-Identifier: Apache-2.0
// What the readers of one drawing share: the drawing under construction, the objects by handle,
// text decoding and budgets.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/encoding.hpp"
#include "formats/dwg/classes.hpp"
#include "formats/dwg/container/sections.hpp"
#include "formats/dwg/object_in.hpp"
#include "formats/dwg/object_map.hpp"
#include "formats/dwg/types.hpp"
#include "formats/format.hpp"
#include "model/drawing.hpp"

namespace cad::dwg {

struct Audit;

// What became of an object: at the end every one is accounted for (census.hpp).
enum class Fate : std::uint8_t {
  pending,
  entity,      // in the drawing model
  structure,   // VERTEX, SEQEND, BLOCK, ENDBLK: part of an entity or block
  nongraphic,  // table records, dictionaries and other objects
  declared     // lost, and a diagnostic says so
};

struct Slot {
  Handle handle = 0;
  std::uint64_t offset = 0;
  const TypeRow* row = nullptr;
  const ClassInfo* info = nullptr;     // class-based types
  std::uint32_t record = 0xffffffffu;  // place in the table of its role
  Role role = Role::unreadable;
  Fate fate = Fate::pending;
  bool claimed = false;  // an entity, block or insert owns it
};

struct FoundLayout {
  Layout layout;
  Handle block_record = 0;
};

class Loader {
 public:
  Loader(const FileHead& head, const Sections& sections, const ReadContext& context);
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  const FileHead& head() const { return head_; }
  Version version() const { return head_.version; }
  const Sections& sections() const { return sections_; }
  Drawing& drawing() { return drawing_; }
  const Limits& limits() const { return context_.limits; }
  Diagnostics& diagnostics() { return context_.diagnostics; }
  void warn(std::string_view code, std::string_view subject, std::string_view message,
            Handle where = 0, std::uint64_t count = 1);

  // Tests ask how completely objects are read: called behind each reader.
  void set_audit(Audit* audit) { audit_ = audit; }
  bool is_audited() const { return audit_ != nullptr; }
  void note_leftover(ObjectIn& in);

  // --- text
  const CadText& encoding() const { return encoding_; }
  std::string decode(std::string_view raw);      // 8-bit strings of the drawing's code page
  std::string decode_unicode(std::string utf8);  // resolves \U+ and \M+ sequences

  // --- budgets
  bool room_for_entity(bool in_block);
  bool room_for_vertex(std::size_t have, std::string_view type);
  // As many of `wanted` as fit; fewer are reported.
  std::size_t room_for_vertices(std::size_t wanted, std::string_view type);
  bool room_for_xdata(std::size_t bytes);
  bool room_for_record();  // Limits::max_table_records
  bool room_for_dash();
  void report_progress(std::uint64_t done, std::uint64_t total);

  // --- objects
  // Frames every object of the map and finds its type. Duplicate handles: the first counts.
  void index_objects(std::vector<ObjectPlace> places, std::vector<ClassInfo> classes);
  std::vector<Slot>& slots() { return slots_; }  // by handle, ascending
  Slot* find(Handle handle);                     // null: no such object
  ObjectIn open(const Slot& slot);
  const ClassInfo* class_numbered(std::int64_t number) const;  // null: there is none

  // --- references to records: none when the handle is not one of a record of that table
  LayerId layer(Handle h) { return record<LayerId>(h, Role::layer); }
  LinetypeId linetype(Handle h);     // ByLayer and ByBlock as the model has them
  LinetypeId continuous_linetype();  // none when the drawing does not define it
  TextStyleId text_style(Handle h) { return record<TextStyleId>(h, Role::text_style); }
  DimStyleId dim_style(Handle h) { return record<DimStyleId>(h, Role::dim_style); }
  BlockId block(Handle h) { return record<BlockId>(h, Role::block_header); }
  // Names, empty for none.
  std::string layer_name(Handle h);
  LayerId layer_named(std::string_view name);  // as the table has it
  // Of an APPID record.
  std::string app_name(Handle h);
  std::unordered_map<Handle, std::string>& app_names() { return app_names_; }
  std::unordered_map<Handle, Color>& book_colors() { return book_colors_; }  // DBCOLOR objects
  std::unordered_map<Handle, MLineStyleId>& mline_styles() { return mline_styles_; }
  std::unordered_map<Handle, ImageDefId>& image_defs() { return image_defs_; }
  std::unordered_map<Handle, UnderlayDefId>& underlay_defs() { return underlay_defs_; }
  std::vector<FoundLayout>& layouts() { return layouts_; }
  std::unordered_map<Handle, BlockId>& block_of_layout() { return block_of_layout_; }
  // From AcDb:AcDsPrototype_1b: binary solids by the handle of their entity.
  std::unordered_map<Handle, std::string>& solid_data() { return solid_data_; }

  LayerId default_layer();  // "0", made when the drawing has none
  Extra& extra_of(ExtraId& id);
  // An entity's extension dictionary, read when everything else is known.
  struct PendingExtension {
    ExtraId extra;
    Handle dictionary = 0;
    BlockId block;  // of an INSERT
  };
  std::vector<PendingExtension>& pending_extensions() { return pending_extensions_; }

  BlockId model_space, paper_space;

 private:
  template <class IdType>
  IdType record(Handle h, Role role) {
    const Slot* const slot = find(h);
    return slot != nullptr && slot->role == role ? IdType{slot->record} : IdType{};
  }
  void frame(Slot& slot);

  FileHead head_;
  const Sections& sections_;
  const ReadContext& context_;
  Drawing drawing_;
  CadText encoding_;
  std::vector<ClassInfo> classes_;
  std::vector<const ClassInfo*> class_of_code_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> dense_;  // handle -> slot where handles are dense
  std::unordered_map<Handle, std::string> app_names_;
  std::unordered_map<std::string, LayerId> layer_names_;  // made on first use
  std::unordered_map<Handle, Color> book_colors_;
  std::unordered_map<Handle, MLineStyleId> mline_styles_;
  std::unordered_map<Handle, ImageDefId> image_defs_;
  std::unordered_map<Handle, UnderlayDefId> underlay_defs_;
  std::vector<FoundLayout> layouts_;
  std::unordered_map<Handle, BlockId> block_of_layout_;
  std::unordered_map<Handle, std::string> solid_data_;
  std::vector<PendingExtension> pending_extensions_;
  Audit* audit_ = nullptr;
  LayerId default_layer_;
  LinetypeId continuous_;
  std::size_t entities_ = 0, block_entities_ = 0, xdata_bytes_ = 0, records_ = 0, dashes_ = 0;
  std::uint64_t reported_ = 0;
};

}  // namespace cad::dwg
