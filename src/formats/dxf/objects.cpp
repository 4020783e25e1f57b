// SPDX-License-Identifier: Apache-2.0
// OBJECTS: LAYOUT, IMAGEDEF, underlay definitions, MLINESTYLE, SORTENTSTABLE (DXF Reference,
// "OBJECTS Section"). Dictionaries and their values are noted by place, see extensions.cpp.
#include "formats/dxf/objects.hpp"

#include <algorithm>

#include "formats/dxf/record.hpp"
#include "formats/dxf/sections.hpp"

namespace cad::dxf {

void ObjectIndex::add(Handle handle, TagCursor::Mark mark) {
  if (handle != 0) entries_.push_back({handle, mark.offset, static_cast<std::uint32_t>(mark.line)});
}

void ObjectIndex::sort() { std::ranges::stable_sort(entries_, {}, &Entry::handle); }

bool ObjectIndex::take(Handle handle, TagCursor::Mark& mark) {
  const auto it = std::ranges::lower_bound(entries_, handle, {}, &Entry::handle);
  if (it == entries_.end() || it->handle != handle || it->taken) return false;
  it->taken = true;
  mark = {it->offset, it->line};
  return true;
}

namespace {

void take_plot_group(Record& in, Layout& layout) {
  switch (in.code()) {
    case 40: layout.margin_left_bottom.x = in.number(); break;
    case 41: layout.margin_left_bottom.y = in.number(); break;
    case 42: layout.margin_right_top.x = in.number(); break;
    case 43: layout.margin_right_top.y = in.number(); break;
    case 44: layout.paper_width_mm = in.number(); break;
    case 45: layout.paper_height_mm = in.number(); break;
    case 72: layout.plot_units = static_cast<std::uint16_t>(in.integer()); break;
    case 73: layout.plot_rotation = static_cast<std::uint16_t>(in.integer() & 3); break;
    case 142: layout.plot_scale_numerator = in.number(); break;
    case 143: layout.plot_scale_denominator = in.number(); break;
    default: break;
  }
}

void take_layout_group(Record& in, FoundLayout& found) {
  Layout& layout = found.layout;
  switch (in.code()) {
    case 1: layout.name = in.text(); break;
    case 71: layout.tab_order = in.integer16(); break;
    case 10: layout.limits_min.x = in.number(); break;
    case 20: layout.limits_min.y = in.number(); break;
    case 11: layout.limits_max.x = in.number(); break;
    case 21: layout.limits_max.y = in.number(); break;
    case 14: layout.extents_min.x = in.real(); break;
    case 24: layout.extents_min.y = in.real(); break;
    case 34: layout.extents_min.z = in.real(); break;
    case 15: layout.extents_max.x = in.real(); break;
    case 25: layout.extents_max.y = in.real(); break;
    case 35: layout.extents_max.z = in.real(); break;
    case 330: found.block_record = in.reference(); break;
    default: break;
  }
}

Handle read_layout(Loader& loader) {
  Record in(loader);
  FoundLayout found;
  while (in.next()) {
    if (!in.app().empty()) continue;
    if (in.subclass() == "AcDbLayout") {
      take_layout_group(in, found);
    } else {
      take_plot_group(in, found.layout);
    }
  }
  found.layout.handle = in.handle();
  if (loader.layouts().size() < loader.limits().max_table_records)
    loader.layouts().push_back(std::move(found));
  return in.handle();
}

Handle read_image_definition(Loader& loader) {
  Record in(loader);
  ImageDef definition;
  while (in.next()) {
    if (!in.app().empty()) continue;
    switch (in.code()) {
      case 1: definition.path = in.text(); break;
      case 10: definition.size_px.x = in.number(); break;
      case 20: definition.size_px.y = in.number(); break;
      default: break;
    }
  }
  definition.handle = in.handle();
  if (const ImageDefId id = loader.names().image_def(in.handle()); id.valid())
    loader.drawing().image_defs[id.index] = std::move(definition);
  return in.handle();
}

Handle read_underlay_definition(Loader& loader) {
  Record in(loader);
  UnderlayDef definition;
  while (in.next()) {
    if (!in.app().empty()) continue;
    if (in.code() == 1) definition.path = in.text();
    if (in.code() == 2) definition.page = in.text();
  }
  definition.handle = in.handle();
  if (const UnderlayDefId id = loader.names().underlay_def(in.handle()); id.valid())
    loader.drawing().underlay_defs[id.index] = std::move(definition);
  return in.handle();
}

Color color_of(std::int64_t value) {
  if (value >= 1 && value <= 255) return Color::aci(static_cast<std::uint8_t>(value));
  return {value == 0 ? Color::Kind::by_block : Color::Kind::by_layer, 7, {}};
}

constexpr std::size_t kMaxElements = 256;  // AutoCAD draws 16

void take_mline_group(Loader& loader, Record& in, MLineStyle& style) {
  auto* const last = style.elements.empty() ? nullptr : &style.elements.back();
  switch (in.code()) {
    case 51: style.start_angle_deg = in.number(); break;
    case 52: style.end_angle_deg = in.number(); break;
    case 62: (last != nullptr ? last->color : style.fill_color) = color_of(in.integer()); break;
    case 420: {
      Color& color = last != nullptr ? last->color : style.fill_color;
      const auto bits = static_cast<std::uint32_t>(in.integer());
      color.kind = Color::Kind::rgb;
      color.rgb = {static_cast<std::uint8_t>(bits >> 16), static_cast<std::uint8_t>(bits >> 8),
                   static_cast<std::uint8_t>(bits)};
      break;
    }
    case 70: style.flags = static_cast<std::uint16_t>(in.integer()); break;
    case 49:
      if (style.elements.size() < kMaxElements) style.elements.push_back({in.number(), {}, {}});
      break;
    case 6:
      if (last != nullptr) last->linetype = loader.names().linetype(in.text());
      break;
    default: break;
  }
}

Handle read_mline_style(Loader& loader) {
  Record in(loader);
  MLineStyle style;
  std::string name;
  while (in.next()) {
    if (!in.app().empty()) continue;
    if (in.code() == 2) {
      name = in.text();
    } else {
      take_mline_group(loader, in, style);
    }
  }
  const MLineStyleId id = loader.names().mline_style(name);
  if (!id.valid()) return in.handle();
  style.name = std::move(name);
  style.handle = in.handle();
  loader.drawing().mline_styles[id.index] = std::move(style);
  return in.handle();
}

Handle read_draw_order(Loader& loader) {
  Record in(loader);
  BlockId block;
  std::vector<std::pair<Handle, Handle>> order;
  Handle entity = 0;
  while (in.next()) {
    if (!in.app().empty()) continue;
    if (in.code() == 330) block = loader.names().block_by_handle(in.reference());
    if (in.code() == 331) entity = in.reference();
    if (in.code() == 5 && entity != 0 &&
        order.size() < loader.limits().max_entities + loader.limits().max_block_entities) {
      order.emplace_back(in.reference(), entity);
      entity = 0;
    }
  }
  if (block.valid() && !order.empty()) loader.drawing().at(block).draw_order = std::move(order);
  return in.handle();
}

Handle pass_object(Loader& loader) {
  Record in(loader);
  while (in.next() && in.handle() == 0) {
  }
  return in.handle();
}

Handle read_object(Loader& loader, std::string_view type) {
  if (type == "LAYOUT") return read_layout(loader);
  if (type == "IMAGEDEF") return read_image_definition(loader);
  if (type.ends_with("DEFINITION") &&
      (type == "PDFDEFINITION" || type == "DWFDEFINITION" || type == "DGNDEFINITION"))
    return read_underlay_definition(loader);
  if (type == "MLINESTYLE") return read_mline_style(loader);
  if (type == "SORTENTSTABLE") return read_draw_order(loader);
  return pass_object(loader);
}

}  // namespace

void read_objects(Loader& loader) {
  TagCursor& tags = loader.tags();
  const std::size_t most = loader.limits().max_entities + loader.limits().max_block_entities;
  while (next_record(tags)) {
    if (ends_section(tags)) return;
    const TagCursor::Mark mark = tags.mark();
    const Handle handle = read_object(loader, tags.word());
    if (loader.objects().size() < most) {
      loader.objects().add(handle, mark);
    } else {
      loader.warn(
          "LIMIT_OBJECTS", "OBJECTS",
          "The drawing has more objects than are looked up; some extension data is missing.");
    }
    loader.report_progress();
  }
}

}  // namespace cad::dxf
