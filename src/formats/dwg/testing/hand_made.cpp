// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/testing/hand_made.hpp"

#include "formats/dwg/reader.hpp"
#include "formats/dwg/testing/object_stream.hpp"

namespace cad::dwg::testing {

void HandMade::add(std::uint16_t type, Handle handle, const ObjectWriter& object) {
  places_.push_back({handle, section_.size()});
  const std::vector<std::byte> framed = object.frame(type, handle);
  section_.insert(section_.end(), framed.begin(), framed.end());
  section_.resize(section_.size() + 2);  // the checksum is not looked at
}

void HandMade::add_unreadable(Handle handle) {
  places_.push_back({handle, section_.size()});
  section_.resize(section_.size() + 4);
}

ObjectWriter HandMade::record(std::string_view name, std::u16string_view wide) const {
  ObjectWriter out(version_);
  out.data.bs(0);
  out.object_size();
  out.data.bl(0);
  if (out.from(Version::r2004)) out.data.b(true);
  if (out.from(Version::r2013)) out.data.b(false);
  out.handles.h(4, 0);
  if (!out.from(Version::r2004)) out.handles.h(3, 0);
  out.text(name, wide);
  if (out.from(Version::r2007)) {
    out.data.bs(0);
  } else {
    out.data.b(false).bs(0).b(false);
  }
  return out;
}

void HandMade::add_block(Handle handle, std::string_view name, std::u16string_view wide) {
  constexpr std::uint16_t kBlockHeader = 49;
  ObjectWriter out = record(name, wide);
  out.data.b(false).b(false).b(false).b(false);
  if (out.from(Version::r2000)) out.data.b(false);
  if (out.from(Version::r2004)) out.data.bl(0);
  out.data.bd3({0, 0, 0});
  out.text("", u"");
  if (out.from(Version::r2000)) {
    out.data.rc(0);
    out.text("", u"");
    out.data.bl(0);
  }
  if (out.from(Version::r2007)) out.data.bs(0).b(true).rc(0);
  out.handles.h(5, 0).h(3, 0);
  if (!out.from(Version::r2004)) out.handles.h(4, 0).h(4, 0);
  out.handles.h(3, 0);
  if (out.from(Version::r2000)) out.handles.h(5, 0);
  add(kBlockHeader, handle, out);
}

const Drawing& HandMade::read() {
  FileHead head;
  head.version = version_;
  head.code_page_index = code_page_index_;
  sections_.set_owned(SectionId::objects, std::move(section_));
  loader_ = std::make_unique<Loader>(head, sections_, context_);
  loader_->set_audit(&audit);
  loader_->index_objects(std::move(places_), classes_of(kHandMadeClasses));
  audit.census = read_indexed(*loader_);
  return loader_->drawing();
}

const Entity* HandMade::entity(Handle handle) const {
  for (const Block& block : loader_->drawing().blocks)
    for (const Entity& entity : block.entities)
      if (entity.handle == handle) return &entity;
  return nullptr;
}

bool HandMade::says(std::string_view code) const {
  for (const Diagnostic& diagnostic : diagnostics.all())
    if (diagnostic.code == code) return true;
  return false;
}

bool HandMade::is_complete(Handle handle) const {
  for (const Leftover& left : audit.leftovers)
    if (left.handle == handle) return false;
  return true;
}

}  // namespace cad::dwg::testing
