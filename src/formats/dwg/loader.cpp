// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/loader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/dwg/code_pages.hpp"

namespace cad::dwg {

namespace {

constexpr std::uint16_t kFirstClass = 500;
constexpr std::size_t kMostClassCodes = 32768;

}  // namespace

Loader::Loader(const FileHead& head, const Sections& sections, const ReadContext& context)
    : head_(head), sections_(sections), context_(context) {
  encoding_.page = code_page_of_index(head.code_page_index);
  drawing_.format = FormatId::dwg;
}

void Loader::warn(std::string_view code, std::string_view subject, std::string_view message,
                  Handle where, std::uint64_t count) {
  constexpr std::size_t kLongestTypeName = 64;
  if (subject.empty() || subject.size() > kLongestTypeName || !is_ascii(subject)) subject = "DWG";
  if (where == 0) return diagnostics().warn(code, subject, message, {}, count);
  diagnostics().warn(code, subject, message, fmt::format("handle {:X}", where), count);
}

std::string Loader::decode(std::string_view raw) {
  CadTextIssues issues;
  std::string text = decode_cad_text(raw, encoding_, issues);
  if (issues.lost_bytes != 0)
    diagnostics().warn("DWG_UNKNOWN_CHARACTER", "DWG",
                       "A text holds bytes that mean nothing in the drawing's code page.");
  return text;
}

std::string Loader::decode_unicode(std::string utf8) {
  if (utf8.find('\\') == std::string::npos) return utf8;
  CadText how;
  how.utf8 = true;
  how.page = encoding_.page;
  CadTextIssues issues;
  return decode_cad_text(utf8, how, issues);
}

bool Loader::room_for_entity(bool in_block) {
  std::size_t& have = in_block ? block_entities_ : entities_;
  const std::size_t most = in_block ? limits().max_block_entities : limits().max_entities;
  if (have < most) {
    ++have;
    return true;
  }
  drawing_.truncated = true;
  diagnostics().warn(in_block ? "LIMIT_BLOCK_ENTITIES" : "LIMIT_ENTITIES", "ENTITIES",
                     in_block
                         ? "The blocks hold more entities than are read; the rest are left out."
                         : "The drawing holds more entities than are read; the first ones are "
                           "kept, the rest are left out.");
  return false;
}

bool Loader::room_for_vertex(std::size_t have, std::string_view type) {
  if (have < limits().max_vertices_per_entity && drawing_.vertices < limits().max_total_vertices) {
    ++drawing_.vertices;
    return true;
  }
  warn("LIMIT_VERTICES", type, "An entity has more vertices than are read; its end is left out.");
  return false;
}

std::size_t Loader::room_for_vertices(std::size_t wanted, std::string_view type) {
  const std::size_t most =
      std::min(limits().max_vertices_per_entity, limits().max_total_vertices - drawing_.vertices);
  if (wanted > most) {
    warn("LIMIT_VERTICES", type, "An entity has more vertices than are read; its end is left out.");
    wanted = most;
  }
  drawing_.vertices += wanted;
  return wanted;
}

bool Loader::room_for_xdata(std::size_t bytes) {
  if (xdata_bytes_ + bytes <= limits().max_xdata_bytes) {
    xdata_bytes_ += bytes;
    return true;
  }
  diagnostics().warn("LIMIT_XDATA", "XDATA",
                     "The drawing holds more extended data than is read; the rest is left out.");
  return false;
}

bool Loader::room_for_record() {
  if (records_ < limits().max_table_records) {
    ++records_;
    return true;
  }
  diagnostics().warn("LIMIT_TABLE_RECORDS", "TABLES",
                     "The drawing has more layers, styles and blocks than are read; the rest are "
                     "left out.");
  return false;
}

bool Loader::room_for_dash() {
  if (dashes_ < limits().max_dashes) {
    ++dashes_;
    return true;
  }
  warn("LIMIT_DASHES", "LTYPE",
       "The linetypes have more dashes than are read; the rest is left out.");
  return false;
}

void Loader::report_progress(std::uint64_t done, std::uint64_t total) {
  if (context_.progress == nullptr || done < reported_ + (1u << 20)) return;
  reported_ = done;
  context_.progress(context_.progress_user, done, total);
}

void Loader::frame(Slot& slot) {
  const ObjectIn in = open(slot);
  if (!in.ok() || in.self() != slot.handle) {
    slot.fate = Fate::declared;
    warn("DWG_OBJECT_UNREADABLE", "DWG",
         "An object is damaged and was left out: there is no such object where the drawing says "
         "it is.",
         slot.handle);
    return;
  }
  const std::uint16_t code = in.type_code();
  slot.row = fixed_type(code);
  if (code >= kFirstClass) {
    slot.info = class_numbered(code);
    slot.row = slot.info == nullptr ? &kUnknownObject : named_type(slot.info->dxf_name);
    if (slot.row == nullptr) slot.row = slot.info->is_entity ? &kUnknownEntity : &kUnknownObject;
  } else if (slot.row == nullptr) {
    slot.row = &kUnknownObject;
  }
  slot.role = slot.row->role;
}

const ClassInfo* Loader::class_numbered(std::int64_t number) const {
  const auto index = static_cast<std::uint64_t>(number - kFirstClass);
  return number >= kFirstClass && index < class_of_code_.size() ? class_of_code_[index] : nullptr;
}

void Loader::index_objects(std::vector<ObjectPlace> places, std::vector<ClassInfo> classes) {
  classes_ = std::move(classes);
  for (const ClassInfo& info : classes_) {
    const std::size_t index = info.number - kFirstClass;
    if (info.number < kFirstClass || index >= kMostClassCodes) continue;
    if (class_of_code_.size() <= index) class_of_code_.resize(index + 1);
    if (class_of_code_[index] == nullptr) class_of_code_[index] = &info;
  }
  std::ranges::stable_sort(places, {}, &ObjectPlace::handle);
  const std::size_t listed = places.size();
  const auto same_handle = [](const ObjectPlace& a, const ObjectPlace& b) {
    return a.handle == b.handle;
  };
  places.erase(std::unique(places.begin(), places.end(), same_handle), places.end());
  if (places.size() < listed)
    warn("DWG_DUPLICATE_HANDLE", "AcDb:Handles",
         "The object map names handles twice; the first place of each counts.", 0,
         listed - places.size());
  slots_.resize(places.size());
  const Handle highest = places.empty() ? 0 : places.back().handle;
  if (highest / 64 <= places.size()) dense_.assign(highest + 1, 0xffffffffu);
  for (std::size_t i = 0; i < places.size(); ++i) {
    slots_[i].handle = places[i].handle;
    slots_[i].offset = places[i].offset;
    if (!dense_.empty()) dense_[places[i].handle] = static_cast<std::uint32_t>(i);
    frame(slots_[i]);
  }
}

Slot* Loader::find(Handle handle) {
  if (handle == 0) return nullptr;
  if (!dense_.empty()) {
    if (handle >= dense_.size() || dense_[handle] == 0xffffffffu) return nullptr;
    return &slots_[dense_[handle]];
  }
  const auto it = std::ranges::lower_bound(slots_, handle, {}, &Slot::handle);
  return it != slots_.end() && it->handle == handle ? &*it : nullptr;
}

ObjectIn Loader::open(const Slot& slot) {
  ObjectIn in(*this, sections_[SectionId::objects], slot.offset);
  if (slot.info != nullptr) {
    in.set_type_name(slot.info->dxf_name);
  } else if (slot.row != nullptr) {
    in.set_type_name(slot.row->name);
  }
  return in;
}

LinetypeId Loader::linetype(Handle h) { return record<LinetypeId>(h, Role::linetype); }

LinetypeId Loader::continuous_linetype() {
  if (continuous_.valid()) return continuous_;
  for (std::uint32_t i = 0; i < drawing_.linetypes.size(); ++i)
    if (fold_case(drawing_.linetypes[i].name) == "continuous") return continuous_ = LinetypeId{i};
  return {};
}

std::string Loader::layer_name(Handle h) {
  const LayerId id = layer(h);
  return id.valid() ? drawing_.at(id).name : std::string();
}

LayerId Loader::layer_named(std::string_view name) {
  if (layer_names_.empty())
    for (std::uint32_t i = 0; i < drawing_.layers.size(); ++i)
      layer_names_.try_emplace(drawing_.layers[i].name, LayerId{i});
  const auto it = layer_names_.find(std::string(name));
  return it == layer_names_.end() ? LayerId{} : it->second;
}

std::string Loader::app_name(Handle h) {
  const auto it = app_names_.find(h);
  return it == app_names_.end() ? std::string() : it->second;
}

LayerId Loader::default_layer() {
  if (default_layer_.valid()) return default_layer_;
  for (std::uint32_t i = 0; i < drawing_.layers.size(); ++i)
    if (drawing_.layers[i].name == "0") return default_layer_ = LayerId{i};
  default_layer_ = LayerId{static_cast<std::uint32_t>(drawing_.layers.size())};
  Layer& layer = drawing_.layers.emplace_back();
  layer.name.push_back('0');
  layer.implicit = true;
  return default_layer_;
}

Extra& Loader::extra_of(ExtraId& id) {
  if (!id.valid()) {
    id.index = static_cast<std::uint32_t>(drawing_.extras.size());
    drawing_.extras.emplace_back();
  }
  return drawing_.extras[id.index];
}

}  // namespace cad::dwg
