// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/extensions.hpp"

#include "formats/acad/extension_dictionary.hpp"
#include "formats/dxf/record.hpp"

namespace cad::dxf {
namespace {

using acad::DictionaryObject;
using acad::GroupKind;

class ExtensionReader {
 public:
  explicit ExtensionReader(Loader& loader) : loader_(loader) {}
  void run(const Loader::PendingExtension& pending) {
    pending_ = pending;
    acad::walk_dictionary(
        pending.dictionary, [this](Handle handle) { return open(handle); },
        [this](const std::string& path, std::string value) { store(path, std::move(value)); });
  }

 private:
  DictionaryObject open(Handle handle);
  void read_dictionary(Record& in, DictionaryObject& dictionary);
  std::string record_value(Record& in);
  void add_group(acad::RecordText& text);
  std::string dynamic_block_name(Record& in);
  void store(const std::string& path, std::string value);

  Loader& loader_;
  Loader::PendingExtension pending_;
};

DictionaryObject ExtensionReader::open(Handle handle) {
  DictionaryObject object;
  TagCursor::Mark mark;
  if (!loader_.objects().take(handle, mark)) return object;
  TagCursor& tags = loader_.tags();
  tags.seek(mark);
  if (!tags.next() || tags.code() != 0) return object;
  Record in(loader_);
  object.kind = DictionaryObject::Kind::value;
  if (in.type() == "DICTIONARY" || in.type() == "ACDBDICTIONARYWDFLT") {
    read_dictionary(in, object);
  } else if (in.type() == "XRECORD") {
    object.value = record_value(in);
  } else if (in.type() == "ACDB_BLOCKREPRESENTATION_DATA") {
    object.value = dynamic_block_name(in);
  } else {
    object.value = loader_.decode(in.type());
  }
  return object;
}

void ExtensionReader::read_dictionary(Record& in, DictionaryObject& dictionary) {
  dictionary.kind = DictionaryObject::Kind::dictionary;
  while (in.next()) {
    if (!in.app().empty()) continue;
    if (in.code() == 3 && dictionary.entries.size() < acad::kMaxDictionaryEntries)
      dictionary.entries.push_back({loader_.decode(in.raw().substr(0, acad::kMaxKeyBytes)), 0});
    if ((in.code() == 350 || in.code() == 360) && !dictionary.entries.empty())
      dictionary.entries.back().object = in.reference();
  }
}

// Behind the cloning flag (280) every group is the record's own, whatever its code, up to extended
// data.
std::string ExtensionReader::record_value(Record& in) {
  acad::RecordText text;
  if (!in.next()) return {};
  if (in.code() != 280) add_group(text);
  TagCursor& tags = loader_.tags();
  while (tags.next()) {
    if (tags.code() == 0 || tags.code() == 1001) break;
    add_group(text);
  }
  return text.take();
}

void ExtensionReader::add_group(acad::RecordText& text) {
  TagCursor& tags = loader_.tags();
  const int code = tags.code();
  switch (acad::group_kind(code)) {
    case GroupKind::point:
    case GroupKind::real: return text.add(code, tags.real());
    case GroupKind::int8:
    case GroupKind::int16:
    case GroupKind::int32:
    case GroupKind::int64: return text.add(code, tags.integer());
    case GroupKind::handle: return text.add_handle(code, tags.handle());
    case GroupKind::binary: {
      std::string bytes;
      tags.append_binary(bytes);
      return text.add_binary(code, bytes);
    }
    case GroupKind::text:
    case GroupKind::handle_text:
    case GroupKind::unknown: return text.add(code, loader_.decode(tags.raw()));
  }
}

std::string ExtensionReader::dynamic_block_name(Record& in) {
  Handle source = 0;
  while (in.next())
    if (in.app().empty() && in.code() == 340) source = in.reference();
  const BlockId dynamic = loader_.names().block_by_handle(source);
  if (!dynamic.valid()) return {};
  const std::string name = loader_.drawing().at(dynamic).name;
  if (pending_.block.valid() && pending_.block != dynamic) {
    Block& shown = loader_.drawing().at(pending_.block);
    if (shown.dynamic_name.empty()) shown.dynamic_name = name;
  }
  return name;
}

void ExtensionReader::store(const std::string& path, std::string value) {
  if (!loader_.room_for_xdata(sizeof(ExtensionValue) + path.size() + value.size())) return;
  ExtraId id = pending_.extra;
  loader_.extra_of(id).extension.push_back({path, std::move(value)});
}

}  // namespace

void read_extensions(Loader& loader) {
  loader.objects().sort();
  ExtensionReader reader(loader);
  for (const auto& pending : loader.pending_extensions()) reader.run(pending);
}

}  // namespace cad::dxf
