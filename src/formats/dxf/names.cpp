// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/names.hpp"

#include "base/encoding.hpp"

namespace cad::dxf {

Names::Names(Drawing& drawing, const Limits& limits, Diagnostics& diagnostics)
    : drawing_(drawing), limits_(limits), diagnostics_(diagnostics) {}

bool Names::room() {
  if (records_ < limits_.max_table_records) {
    ++records_;
    return true;
  }
  diagnostics_.warn("LIMIT_TABLE_RECORDS", "TABLES",
                    "The drawing has more layers, styles and blocks than are read; the rest are "
                    "left out.");
  return false;
}

template <class IdType, class Record>
IdType Names::append(std::vector<Record>& records, std::string name) {
  // Every entity needs a layer: the first one always fits, and takes the place of those that do
  // not.
  if constexpr (std::is_same_v<IdType, LayerId>) {
    if (!room() && !records.empty()) return IdType{0};
  } else {
    if (!room()) return IdType{};
  }
  const IdType id{static_cast<std::uint32_t>(records.size())};
  Record& record = records.emplace_back();
  record.name = std::move(name);
  if constexpr (requires { record.implicit; }) record.implicit = true;
  return id;
}

template <class IdType, class Record>
IdType Names::named(ByName<IdType>& map, std::vector<Record>& records, std::string_view utf8) {
  if (map.recent.empty()) map.recent.resize(kRecent);
  auto& recent = map.recent[Hash{}(utf8) % kRecent];
  if (recent.id.valid() && recent.name == utf8) return recent.id;
  std::string key = fold_case(utf8);
  IdType id;
  if (const auto it = map.ids.find(key); it != map.ids.end()) {
    id = it->second;
  } else {
    const std::size_t before = records.size();
    id = append<IdType>(records, std::string(utf8));
    if (records.size() > before) map.ids.emplace(std::move(key), id);
  }
  recent = {std::string(utf8), id};
  return id;
}

LayerId Names::layer(std::string_view utf8) {
  return named(layers_, drawing_.layers, utf8.empty() ? "0" : utf8);
}

LinetypeId Names::linetype(std::string_view utf8) {
  if (utf8.empty()) return kByLayerLinetype;
  const std::string key = fold_case(utf8);
  if (key == "bylayer") return kByLayerLinetype;
  if (key == "byblock") return kByBlockLinetype;
  return named(linetypes_, drawing_.linetypes, utf8);
}

TextStyleId Names::text_style(std::string_view utf8) {
  return utf8.empty() ? TextStyleId{} : named(text_styles_, drawing_.text_styles, utf8);
}

DimStyleId Names::dim_style(std::string_view utf8) {
  return utf8.empty() ? DimStyleId{} : named(dim_styles_, drawing_.dim_styles, utf8);
}

MLineStyleId Names::mline_style(std::string_view utf8) {
  return utf8.empty() ? MLineStyleId{} : named(mline_styles_, drawing_.mline_styles, utf8);
}

BlockId Names::block(std::string_view utf8) {
  return utf8.empty() ? BlockId{} : named(blocks_, drawing_.blocks, utf8);
}

TextStyleId Names::standard_text_style() const {
  const auto it = text_styles_.ids.find("standard");
  return it == text_styles_.ids.end() ? TextStyleId{} : it->second;
}

BlockId Names::find_block(std::string_view utf8) const {
  const auto it = blocks_.ids.find(fold_case(utf8));
  return it == blocks_.ids.end() ? BlockId{} : it->second;
}

TextStyleId Names::add_text_style() { return append<TextStyleId>(drawing_.text_styles, {}); }

BlockId Names::add_block(std::string name) {
  return append<BlockId>(drawing_.blocks, std::move(name));
}

ImageDefId Names::image_def(Handle h) {
  if (h == 0) return {};
  if (const auto it = image_defs_.find(h); it != image_defs_.end()) return it->second;
  if (!room()) return {};
  const ImageDefId id{static_cast<std::uint32_t>(drawing_.image_defs.size())};
  drawing_.image_defs.emplace_back().handle = h;
  image_defs_.emplace(h, id);
  return id;
}

UnderlayDefId Names::underlay_def(Handle h) {
  if (h == 0) return {};
  if (const auto it = underlay_defs_.find(h); it != underlay_defs_.end()) return it->second;
  if (!room()) return {};
  const UnderlayDefId id{static_cast<std::uint32_t>(drawing_.underlay_defs.size())};
  drawing_.underlay_defs.emplace_back().handle = h;
  underlay_defs_.emplace(h, id);
  return id;
}

}  // namespace cad::dxf
