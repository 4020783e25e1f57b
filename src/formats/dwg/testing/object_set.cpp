// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/testing/object_set.hpp"

#include <algorithm>

#include "formats/dwg/entity_in.hpp"
#include "formats/dwg/testing/object_stream.hpp"

namespace cad::dwg::testing {
namespace {

FileHead head_of(Version version) {
  FileHead head;
  head.version = version;
  head.code_page_index = 30;
  return head;
}

}  // namespace

ObjectReading::ObjectReading(Version version, std::vector<std::byte> objects,
                             const std::vector<std::uint64_t>& offsets,
                             std::vector<ClassInfo> classes, const Limits& most)
    : limits(most), loader(head_of(version), sections, context) {
  sections.set_owned(SectionId::objects, std::move(objects));
  loader.set_audit(&audit);
  std::vector<ObjectPlace> places;
  for (const std::uint64_t offset : offsets)
    places.push_back({ObjectIn(loader, sections[SectionId::objects], offset).self(), offset});
  loader.index_objects(std::move(places), std::move(classes));
}

Entity ObjectReading::entity(Handle handle) {
  Entity entity;
  EntityLinks links;
  if (Slot* const slot = loader.find(handle)) read_entity(loader, *slot, entity, links);
  return entity;
}

void ObjectReading::object(Handle handle) {
  const Slot* const slot = loader.find(handle);
  if (slot == nullptr || slot->row->read_object == nullptr) return;
  ObjectIn in = loader.open(*slot);
  slot->row->read_object(in);
  loader.note_leftover(in);
}

bool ObjectReading::says(std::string_view code) const {
  return std::ranges::find(diagnostics.all(), code, &Diagnostic::code) != diagnostics.all().end();
}

ObjectWriter ObjectSet::object(Handle owner) const {
  ObjectWriter out(version_);
  out.data.bs(0);
  out.object_size();
  out.data.bl(0);
  if (version_ >= Version::r2004) out.data.b(true);
  if (version_ >= Version::r2013) out.data.b(false);
  out.handles.h(4, owner);
  if (version_ < Version::r2004) out.handles.h(3, 0);
  return out;
}

ObjectWriter ObjectSet::entity() const {
  ObjectWriter out(version_);
  out.entity_common(0);
  return out;
}

void ObjectSet::add(std::uint16_t type, Handle handle, const ObjectWriter& object) {
  const std::vector<std::byte> framed = object.frame(type, handle);
  offsets_.push_back(objects_.size());
  objects_.insert(objects_.end(), framed.begin(), framed.end());
  objects_.resize(objects_.size() + 2);  // the checksum is not looked at
}

void ObjectSet::add(std::string_view class_name, Handle handle, const ObjectWriter& object) {
  auto it = std::ranges::find(classes_, class_name);
  if (it == classes_.end()) it = classes_.insert(classes_.end(), class_name);
  add(static_cast<std::uint16_t>(500 + (it - classes_.begin())), handle, object);
}

std::unique_ptr<ObjectReading> ObjectSet::read() const {
  return std::make_unique<ObjectReading>(version_, objects_, offsets_, classes_of(classes_),
                                         limits);
}

}  // namespace cad::dwg::testing
