// SPDX-License-Identifier: Apache-2.0
// Tables and their records (ODA 20.4.51 to 20.4.70).
#include "formats/dwg/tables.hpp"

#include <cmath>
#include <unordered_map>

#include "formats/dwg/block_headers.hpp"
#include "formats/dwg/entity_in.hpp"
#include "formats/dwg/table_places.hpp"
#include "formats/dwg/xdata.hpp"

namespace cad::dwg {
namespace {

constexpr double kDegrees = 180 / 3.14159265358979323846;

// The records of one table: those that its control object lists, in its order, then the others.
std::vector<ListedRecord> records_of(Loader& loader, std::string_view control, Role role) {
  std::vector<ListedRecord> found;
  std::size_t place = 0;
  const auto take = [&](Slot* slot) {
    if (slot == nullptr || slot->role != role || slot->claimed) return;
    slot->claimed = true;
    found.push_back({slot, place});
  };
  for (Slot& slot : loader.slots()) {
    if (slot.role != Role::control || slot.row->name != control) continue;
    slot.fate = Fate::nongraphic;
    ObjectIn in = loader.open(slot);
    begin_object(in);
    // The list may be followed by records that are not counted (the spaces' blocks, ByLayer).
    for (; in.ok() && in.handles_left() && in.handles().ok(); ++place)
      take(loader.find(in.handle()));
  }
  for (Slot& slot : loader.slots()) {
    take(&slot);
    ++place;
  }
  return found;
}

std::size_t xdata_text(const std::vector<XdataApp>& apps, std::string_view app, std::int16_t code,
                       const XdataItem*& item) {
  for (const XdataApp& data : apps) {
    if (data.app != app) continue;
    for (const XdataItem& candidate : data.items) {
      if (candidate.code != code) continue;
      item = &candidate;
      return 1;
    }
  }
  return 0;
}

void read_layer(ObjectIn& in, Layer& layer) {
  if (!in.from(Version::r2000)) {
    layer.frozen = in.b();
    layer.off = in.b();  // the specification says "on"; files say otherwise
    in.b();              // frozen in new viewports
    layer.locked = in.b();
  } else {
    const std::uint16_t values = in.ubs();
    layer.frozen = (values & 1) != 0;
    layer.off = (values & 2) != 0;
    layer.locked = (values & 8) != 0;
    layer.plottable = (values & 16) != 0;
    layer.lineweight = lineweight_of(static_cast<std::uint8_t>((values & 0x3E0) >> 5));
  }
  layer.color = in.color();
  if (layer.color.kind == Color::Kind::by_layer || layer.color.kind == Color::Kind::by_block)
    layer.color = Color::aci(7);
  in.handle();                               // external reference's block
  if (in.from(Version::r2000)) in.handle();  // plot style
  if (in.from(Version::r2007)) in.handle();  // material
  layer.linetype = in.loader().linetype(in.handle());
  if (in.from(Version::r2013)) in.handle();  // always null
  const auto apps = decode_eed(in);
  const XdataItem* item = nullptr;
  if (xdata_text(apps, "AcCmTransparency", 1071, item) == 0) return;
  const auto* value = std::get_if<std::int64_t>(&item->value);
  if (value != nullptr && (*value & 0x2000000) != 0)
    layer.alpha = static_cast<std::uint8_t>(*value & 0xff);
}

// The string of a complex dash: its number counts bytes (before 2007) of the area of all strings.
std::string area_text(ObjectIn& in, const std::string& area, std::size_t at) {
  const bool wide = in.from(Version::r2007);
  if (!wide) {
    if (at >= area.size()) return {};
    return in.loader().decode(std::string_view(area).substr(at, area.find('\0', at) - at));
  }
  std::string out;
  for (std::size_t i = at * 2; i + 1 < area.size(); i += 2) {
    const auto unit = static_cast<char16_t>(static_cast<unsigned char>(area[i]) |
                                            static_cast<unsigned char>(area[i + 1]) << 8);
    if (unit == 0) break;
    append_utf8(unit, out);
  }
  return out;
}

void read_linetype(ObjectIn& in, Linetype& type) {
  type.description = in.text();
  type.pattern_length = in.bd();
  in.rc();  // alignment
  const std::uint8_t dashes = in.rc();
  bool has_text = false;
  for (unsigned i = 0; i < dashes && in.ok(); ++i) {
    LinetypeElement element;
    element.length = in.bd();
    element.shape_number = in.ubs();
    element.x_offset = in.rd();
    element.y_offset = in.rd();
    element.scale = in.bd();
    element.rotation_deg = in.bd() * kDegrees;
    element.flags = in.ubs();
    has_text = has_text || (element.flags & 2) != 0;
    if (in.ok() && in.loader().room_for_dash()) type.elements.push_back(std::move(element));
  }
  std::string area;
  if (!in.from(Version::r2007)) area.resize(256);
  if (in.from(Version::r2007) && has_text) area.resize(512);
  in.raw(area.data(), area.size());
  in.handle();  // external reference's block
  for (LinetypeElement& element : type.elements) {
    const Handle style = in.handle();
    element.style = in.loader().text_style(style);
    if ((element.flags & 2) != 0) element.text = area_text(in, area, element.shape_number);
  }
}

void read_text_style(ObjectIn& in, TextStyle& style) {
  style.is_shape_file = in.b();  // the specification has these two the other way around
  style.vertical = in.b();
  style.fixed_height = in.bd();
  style.width_factor = in.bd();
  style.oblique_deg = in.bd() * kDegrees;
  style.generation_flags = in.rc();
  style.last_height = in.bd();
  style.font_file = in.text();
  style.big_font_file = in.text();
  in.handle();  // external reference's block
  const auto apps = decode_eed(in);
  const XdataItem* item = nullptr;
  if (xdata_text(apps, "ACAD", 1000, item) != 0)
    if (const auto* name = std::get_if<std::string>(&item->value)) style.font_family = *name;
  if (xdata_text(apps, "ACAD", 1071, item) != 0)
    if (const auto* flags = std::get_if<std::int64_t>(&item->value)) {
      style.bold = (*flags & 0x2000000) != 0;
      style.italic = (*flags & 0x1000000) != 0;
    }
}

// Damage in a record: what was read stays, with a warning.
void settle(ObjectIn& in, Slot& slot) {
  slot.fate = Fate::nongraphic;
  if (!in.all_ok())
    in.warn("DWG_RECORD_DAMAGED", "A table record is damaged; some of its values may be wrong.");
}

// Reads the records of one table in two steps, so that records may refer to each other: all are
// made and named, then read. Records of one name become one.
template <class Record, class Read>
void read_table(Loader& loader, std::string_view control, Role role, std::vector<Record>& records,
                bool named, Read read) {
  std::unordered_map<std::string, std::uint32_t> by_name;
  for (const ListedRecord& listed : records_of(loader, control, role)) {
    Slot* const slot = listed.slot;
    ObjectIn in = loader.open(*slot);
    begin_object(in);
    RecordHead head = read_record_head(in);
    const auto next = static_cast<std::uint32_t>(records.size());
    std::string key = fold_case(head.name);
    if (const auto it = by_name.find(key); named && it != by_name.end() && !key.empty()) {
      slot->record = it->second;
      slot->fate = Fate::nongraphic;
      in.warn("DWG_DUPLICATE_RECORD", "A table has two records of one name; the first is used.");
      continue;
    }
    if (!loader.room_for_record()) {
      slot->fate = Fate::nongraphic;
      slot->role = Role::other_record;
      continue;
    }
    Record& record = records.emplace_back();
    record.name = std::move(head.name);
    record.handle = slot->handle;
    slot->record = next;
    if (named) by_name.emplace(std::move(key), next);
    read(in, record);
    loader.note_leftover(in);
    settle(in, *slot);
  }
}

void read_app_names(Loader& loader) {
  for (Slot& slot : loader.slots()) {
    if (slot.role != Role::other_record || slot.row->name != "APPID") continue;
    ObjectIn in = loader.open(slot);
    begin_object(in);
    loader.app_names()[slot.handle] = read_record_head(in).name;
  }
}

// ByLayer and ByBlock are records of the table, but no linetypes.
void read_linetypes(Loader& loader) {
  std::vector<Linetype>& types = loader.drawing().linetypes;
  read_table(loader, "LTYPE_CONTROL", Role::linetype, types, true, read_linetype);
  std::vector<std::uint32_t> place(types.size());
  std::vector<Linetype> kept;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const std::string name = fold_case(types[i].name);
    place[i] = name == "bylayer"   ? kByLayerLinetype.index
               : name == "byblock" ? kByBlockLinetype.index
                                   : static_cast<std::uint32_t>(kept.size());
    if (name != "bylayer" && name != "byblock") kept.push_back(std::move(types[i]));
  }
  types = std::move(kept);
  for (Slot& slot : loader.slots())
    if (slot.role == Role::linetype && slot.record < place.size()) slot.record = place[slot.record];
}

}  // namespace

RecordHead read_record_head(ObjectIn& in) {
  RecordHead head;
  head.name = in.text();
  if (in.from(Version::r2007)) {
    head.xref_dependent = (in.ubs() & 0x100) != 0;
  } else {
    in.b();
    in.bs();
    head.xref_dependent = in.b();
  }
  return head;
}

std::vector<BlockContents> read_tables(Loader& loader) {
  Drawing& drawing = loader.drawing();
  read_app_names(loader);
  read_table(loader, "STYLE_CONTROL", Role::text_style, drawing.text_styles, false,
             read_text_style);
  read_linetypes(loader);
  read_table(loader, "LAYER_CONTROL", Role::layer, drawing.layers, true, read_layer);
  note_table_places(loader);
  std::vector<BlockContents> blocks =
      read_block_headers(loader, records_of(loader, "BLOCK_CONTROL", Role::block_header));
  read_table(loader, "DIMSTYLE_CONTROL", Role::dim_style, drawing.dim_styles, true, read_dim_style);
  return blocks;
}

}  // namespace cad::dwg
