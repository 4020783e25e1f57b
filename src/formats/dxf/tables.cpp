// SPDX-License-Identifier: Apache-2.0
// CLASSES and TABLES: LAYER, LTYPE, STYLE, DIMSTYLE, BLOCK_RECORD (DXF Reference, "TABLES
// Section"). VPORT, VIEW, UCS and APPID say nothing about what is drawn and are skipped.
#include <algorithm>
#include <map>

#include "formats/dxf/entity_tags.hpp"
#include "formats/dxf/record.hpp"
#include "formats/dxf/sections.hpp"

namespace cad::dxf {
namespace {

Rgb rgb_of(std::int64_t value) {
  const auto bits = static_cast<std::uint32_t>(value);
  return {static_cast<std::uint8_t>(bits >> 16), static_cast<std::uint8_t>(bits >> 8),
          static_cast<std::uint8_t>(bits)};
}

// Colors of dimension styles: 0 by block, 256 by layer.
Color color_of(std::int64_t value) {
  if (value >= 1 && value <= 255) return Color::aci(static_cast<std::uint8_t>(value));
  return {value == 0 ? Color::Kind::by_block : Color::Kind::by_layer, 7, {}};
}

// Where a record's definition goes; null when it has no name or its name is defined already (the
// first definition counts).
template <class IdType, class RecordType>
RecordType* definition(Loader& loader, Record& in, IdType id, std::vector<RecordType>& records,
                       std::string_view name) {
  if (!id.valid()) return nullptr;
  loader.names().define(id, in.handle());
  RecordType& record = records[id.index];
  if constexpr (requires { record.implicit; }) {
    if (!record.implicit) {
      loader.warn("DXF_DUPLICATE_NAME", in.type(),
                  "A name is defined twice in a table; the first definition is used.");
      return nullptr;
    }
    record.implicit = false;
  }
  record.name = name;
  record.handle = in.handle();
  return &record;
}

bool has_name(Loader& loader, Record& in, std::string_view name) {
  if (!name.empty()) return true;
  loader.warn("DXF_UNNAMED_RECORD", in.type(), "A table record has no name; left out.");
  return false;
}

void read_layer(Loader& loader) {
  Record in(loader);
  Layer layer;
  std::string name;
  bool has_rgb = false;
  while (in.next()) {
    if (!in.app().empty()) {
      if (in.app() == "AcCmTransparency" && in.code() == 1071) {
        const auto value = static_cast<std::uint64_t>(in.integer());
        if ((value & kTransparencyIsAlpha) != 0)
          layer.alpha = static_cast<std::uint8_t>(value & 0xFF);
      }
      continue;
    }
    switch (in.code()) {
      case 2: name = in.text(); break;
      case 6: layer.linetype = loader.names().linetype(in.text()); break;
      case 62: {
        const auto value = in.integer();
        layer.off = value < 0;
        const auto index = value < 0 ? -value : value;
        layer.color.index = index >= 1 && index <= 255 ? static_cast<std::uint8_t>(index) : 7;
        break;
      }
      case 70: {
        const auto flags = in.integer();
        layer.frozen = (flags & 1) != 0;
        layer.locked = (flags & 4) != 0;
        break;
      }
      case 290: layer.plottable = in.flag(); break;
      case 370: layer.lineweight = lineweight_of(in.integer()); break;
      case 420:
        layer.color.rgb = rgb_of(in.integer());
        has_rgb = true;
        break;
      default: break;
    }
  }
  if (has_rgb) layer.color.kind = Color::Kind::rgb;
  if (!has_name(loader, in, name)) return;
  const LayerId id = loader.names().layer(name);
  Layer* const target = definition(loader, in, id, loader.drawing().layers, name);
  if (target == nullptr) return;
  layer.name = std::move(target->name);
  layer.handle = target->handle;
  *target = std::move(layer);
}

void read_linetype(Loader& loader) {
  Record in(loader);
  Linetype type;
  std::string name;
  std::map<std::size_t, Handle> styles;  // by element; STYLE comes behind LTYPE
  while (in.next()) {
    if (!in.app().empty()) continue;
    LinetypeElement* const last = type.elements.empty() ? nullptr : &type.elements.back();
    switch (in.code()) {
      case 2: name = in.text(); break;
      case 3: type.description = in.text(); break;
      case 40: type.pattern_length = in.number(); break;
      case 49:
        if (loader.room_for_dash()) type.elements.emplace_back().length = in.number();
        break;
      case 74:
        if (last != nullptr) last->flags = static_cast<std::uint16_t>(in.integer());
        break;
      case 75:
        if (last != nullptr) last->shape_number = static_cast<std::uint16_t>(in.integer());
        break;
      case 340:
        if (last != nullptr) styles[type.elements.size() - 1] = in.reference();
        break;
      case 46:
        if (last != nullptr) last->scale = in.number();
        break;
      case 50:
        if (last != nullptr) last->rotation_deg = in.number();
        break;
      case 44:
        if (last != nullptr) last->x_offset = in.number();
        break;
      case 45:
        if (last != nullptr) last->y_offset = in.number();
        break;
      case 9:
        if (last != nullptr) last->text = in.text();
        break;
      default: break;
    }
  }
  if (!has_name(loader, in, name)) return;
  const LinetypeId id = loader.names().linetype(name);
  if (id == kByLayerLinetype || id == kByBlockLinetype) {
    loader.names().define(id, in.handle());
    return;
  }
  Linetype* const target = definition(loader, in, id, loader.drawing().linetypes, name);
  if (target == nullptr) return;
  target->description = std::move(type.description);
  target->pattern_length = type.pattern_length;
  target->elements = std::move(type.elements);
  for (const auto& [element, style] : styles)
    loader.pending_styles().push_back({id, static_cast<std::uint32_t>(element), style});
}

constexpr std::int64_t kBoldFont = 0x2000000, kItalicFont = 0x1000000;

void read_text_style(Loader& loader) {
  Record in(loader);
  TextStyle style;
  std::string name;
  while (in.next()) {
    if (!in.app().empty()) {
      if (in.app() != "ACAD") continue;
      if (in.code() == 1000) style.font_family = in.text();
      if (in.code() == 1071) {
        style.bold = (in.integer() & kBoldFont) != 0;
        style.italic = (in.integer() & kItalicFont) != 0;
      }
      continue;
    }
    switch (in.code()) {
      case 2: name = in.text(); break;
      case 3: style.font_file = in.text(); break;
      case 4: style.big_font_file = in.text(); break;
      case 40: style.fixed_height = in.number(); break;
      case 41: style.width_factor = in.number(); break;
      case 42: style.last_height = in.number(); break;
      case 50: style.oblique_deg = in.number(); break;
      case 70: {
        const auto flags = in.integer();
        style.is_shape_file = (flags & 1) != 0;
        style.vertical = (flags & 4) != 0;
        break;
      }
      case 71: style.generation_flags = static_cast<std::uint8_t>(in.integer()); break;
      default: break;
    }
  }
  // Shape files are styles without a name, many of them.
  const bool unnamed = name.empty() || style.is_shape_file;
  const TextStyleId id =
      unnamed ? loader.names().add_text_style() : loader.names().text_style(name);
  TextStyle* const target = definition(loader, in, id, loader.drawing().text_styles, name);
  if (target == nullptr) return;
  style.name = std::move(target->name);
  style.handle = target->handle;
  *target = std::move(style);
}

// A handle; some programs write the style's name.
TextStyleId text_style_of(Record& in, Names& names) {
  const std::string_view word = trim(in.raw());
  const bool is_handle = !word.empty() && word.size() <= 16 &&
                         word.find_first_not_of("0123456789ABCDEFabcdef") == word.npos;
  if (!is_handle) return names.text_style(in.text());
  return names.text_style_by_handle(in.reference());
}

void read_dimension_style_group(Record& in, DimStyle& style, Names& names) {
  switch (in.code()) {
    case 3: style.post = in.text(); break;
    case 40: style.scale = in.number(); break;
    case 41: style.arrow_size = in.number(); break;
    case 42: style.extension_offset = in.number(); break;
    case 44: style.extension_beyond = in.number(); break;
    case 77: style.text_above = in.integer16(); break;
    case 78: style.zero_suppression = in.integer16(); break;
    case 140: style.text_height = in.number(); break;
    case 144: style.linear_factor = in.number(); break;
    case 147: style.text_gap = in.number(); break;
    case 176: style.line_color = color_of(in.integer()); break;
    case 178: style.text_color = color_of(in.integer()); break;
    case 270:
    case 277: style.linear_unit = in.integer16(); break;
    case 271: style.decimal_places = in.integer16(); break;
    case 340: style.text_style = text_style_of(in, names); break;
    case 341: style.leader_arrow = in.reference(); break;
    default: break;
  }
}

void read_dimension_style(Loader& loader) {
  Record in(loader, 105);
  DimStyle style;
  std::string name;
  while (in.next()) {
    if (!in.app().empty()) continue;
    if (in.code() == 2) {
      name = in.text();
    } else {
      read_dimension_style_group(in, style, loader.names());
    }
  }
  if (!has_name(loader, in, name)) return;
  const DimStyleId id = loader.names().dim_style(name);
  DimStyle* const target = definition(loader, in, id, loader.drawing().dim_styles, name);
  if (target == nullptr) return;
  style.name = std::move(target->name);
  style.handle = target->handle;
  *target = std::move(style);
}

void read_block_record(Loader& loader) {
  Record in(loader);
  std::string name, dynamic_name;
  std::uint16_t units = 0;
  Handle layout = 0, dynamic_source = 0;
  while (in.next()) {
    if (!in.app().empty()) {
      if (in.app() == "AcDbBlockRepETag" && in.code() == 1005) dynamic_source = in.reference();
      if (in.app().starts_with("AcDbDynamicBlockTrueName") && in.code() == 1000)
        dynamic_name = in.text();
      continue;
    }
    switch (in.code()) {
      case 2: name = in.text(); break;
      case 70: units = static_cast<std::uint16_t>(in.integer()); break;
      case 340: layout = in.reference(); break;
      default: break;
    }
  }
  if (!has_name(loader, in, name)) return;
  const BlockId id = loader.names().block(name);
  if (!id.valid()) return;
  loader.names().define(id, in.handle());
  Block& block = loader.drawing().at(id);
  if (block.handle == 0) block.handle = in.handle();
  block.insunits = units;
  block.dynamic_name = std::move(dynamic_name);
  if (dynamic_source != 0) loader.pending_dynamic().push_back({id, dynamic_source});
  if (layout != 0) loader.block_of_layout().emplace(layout, id);
  loader.block_records().push_back(id);
}

void read_table_record(Loader& loader, std::string_view type) {
  if (type == "LAYER") return read_layer(loader);
  if (type == "LTYPE") return read_linetype(loader);
  if (type == "STYLE") return read_text_style(loader);
  if (type == "DIMSTYLE") return read_dimension_style(loader);
  if (type == "BLOCK_RECORD") return read_block_record(loader);
}

}  // namespace

void read_tables(Loader& loader) {
  TagCursor& tags = loader.tags();
  while (next_record(tags)) {
    if (ends_section(tags)) return;
    read_table_record(loader, tags.word());
  }
}

void read_classes(Loader& loader) {
  TagCursor& tags = loader.tags();
  while (next_record(tags)) {
    if (ends_section(tags)) return;
    if (tags.word() != "CLASS") continue;
    ClassInfo info;
    Record in(loader);
    while (in.next()) {
      switch (in.code()) {
        case 1: info.dxf_name = in.text(); break;
        case 2: info.class_name = in.text(); break;
        case 3: info.app_name = in.text(); break;
        case 281: info.is_entity = in.flag(); break;
        default: break;
      }
    }
    loader.add_class(std::move(info));
  }
}

}  // namespace cad::dxf
