// SPDX-License-Identifier: Apache-2.0
// Name and handle look-ups. Names are case-insensitive; what is not defined (yet) is made and
// marked implicit, so readers never wait for a later section. Names that no longer fit
// (Limits::max_table_records) are none; layers are then the first one.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/limits.hpp"
#include "model/drawing.hpp"

namespace cad::dxf {

class Names {
 public:
  Names(Drawing& drawing, const Limits& limits, Diagnostics& diagnostics);

  // Empty names are no names: a layer is then "0", the others none.
  LayerId layer(std::string_view utf8);
  LinetypeId linetype(std::string_view utf8);  // "BYLAYER" and "BYBLOCK" included
  TextStyleId text_style(std::string_view utf8);
  DimStyleId dim_style(std::string_view utf8);
  MLineStyleId mline_style(std::string_view utf8);
  BlockId block(std::string_view utf8);
  BlockId find_block(std::string_view utf8) const;  // without making it
  TextStyleId standard_text_style() const;          // none when the drawing does not define it

  // By handle: tables come before the entities in a DXF file, so none = never defined.
  LayerId layer_by_handle(Handle h) const { return find(layer_handles_, h); }
  LinetypeId linetype_by_handle(Handle h) const { return find(linetype_handles_, h); }
  TextStyleId text_style_by_handle(Handle h) const { return find(text_style_handles_, h); }
  DimStyleId dim_style_by_handle(Handle h) const { return find(dim_style_handles_, h); }
  BlockId block_by_handle(Handle h) const { return find(block_handles_, h); }  // of its record

  // Objects that come after the entities: made empty now, filled when OBJECTS is read.
  ImageDefId image_def(Handle h);
  UnderlayDefId underlay_def(Handle h);

  // For the table readers: a record was defined with this handle.
  void define(LayerId id, Handle h) { put(layer_handles_, h, id); }
  void define(LinetypeId id, Handle h) { put(linetype_handles_, h, id); }
  void define(TextStyleId id, Handle h) { put(text_style_handles_, h, id); }
  void define(DimStyleId id, Handle h) { put(dim_style_handles_, h, id); }
  void define(BlockId id, Handle h) { put(block_handles_, h, id); }
  // A style without a name of its own (shape files).
  TextStyleId add_text_style();
  // A block that shares its name with another, or has none: kept under a name made for it.
  BlockId add_block(std::string name);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  static constexpr std::size_t kRecent = 64;
  // Folded name -> record, and the names last asked for as they were written.
  template <class IdType>
  struct ByName {
    struct Recent {
      std::string name;
      IdType id;
    };
    std::unordered_map<std::string, IdType, Hash, std::equal_to<>> ids;
    std::vector<Recent> recent;  // kRecent, from the first that is asked for
  };
  template <class IdType>
  using ByHandle = std::unordered_map<Handle, IdType>;

  template <class IdType>
  static IdType find(const ByHandle<IdType>& map, Handle h) {
    const auto it = map.find(h);
    return it == map.end() ? IdType{} : it->second;
  }
  template <class IdType>
  static void put(ByHandle<IdType>& map, Handle h, IdType id) {
    if (h != 0) map.try_emplace(h, id);
  }
  template <class IdType, class Record>
  IdType named(ByName<IdType>& map, std::vector<Record>& records, std::string_view utf8);
  template <class IdType, class Record>
  IdType append(std::vector<Record>& records, std::string name);
  bool room();

  Drawing& drawing_;
  const Limits& limits_;
  Diagnostics& diagnostics_;
  std::size_t records_ = 0;
  ByName<LayerId> layers_;
  ByName<LinetypeId> linetypes_;
  ByName<TextStyleId> text_styles_;
  ByName<DimStyleId> dim_styles_;
  ByName<MLineStyleId> mline_styles_;
  ByName<BlockId> blocks_;
  ByHandle<LayerId> layer_handles_;
  ByHandle<LinetypeId> linetype_handles_;
  ByHandle<TextStyleId> text_style_handles_;
  ByHandle<DimStyleId> dim_style_handles_;
  ByHandle<BlockId> block_handles_;
  ByHandle<ImageDefId> image_defs_;
  ByHandle<UnderlayDefId> underlay_defs_;
};

}  // namespace cad::dxf
