// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/extensions.hpp"

#include <algorithm>

#include "formats/acad/extension_dictionary.hpp"

namespace cad::dwg {
namespace {

using acad::DictionaryObject;
using acad::GroupKind;

void read_dictionary(ObjectIn& in, bool has_default, DictionaryObject& dictionary) {
  dictionary.kind = DictionaryObject::Kind::dictionary;
  const std::uint32_t claimed = in.ubl();
  if (in.version() == Version::r14) in.rc();
  if (in.from(Version::r2000)) {
    in.bs();  // cloning
    in.rc();  // hard owner
  }
  const std::size_t count = in.handles().count(claimed, 8);
  for (std::size_t i = 0; i < count && in.ok() && in.strings().ok(); ++i) {
    std::string name = in.text().substr(0, acad::kMaxKeyBytes);
    const Handle object = in.handle();
    if (i < acad::kMaxDictionaryEntries) dictionary.entries.push_back({std::move(name), object});
  }
  if (has_default) in.handle();
}

std::string read_group_text(ObjectIn& in, BitCursor& data) {
  std::string raw;
  if (in.from(Version::r2007)) {
    raw = read_utf16(data, data.rs());
  } else {
    const std::uint16_t size = data.rs();
    data.rc();  // its code page, always the drawing's
    raw.resize(data.count(size, 8));
    data.raw(raw.data(), raw.size());
  }
  raw.resize(std::min(raw.find('\0'), raw.size()));
  return in.from(Version::r2007) ? in.loader().decode_unicode(std::move(raw))
                                 : in.loader().decode(raw);
}

// False for codes that do not exist: their length is unknown, so nothing behind them can be read.
bool read_group(ObjectIn& in, BitCursor& data, acad::RecordText& out) {
  const int code = static_cast<std::int16_t>(data.rs());
  switch (acad::group_kind(code)) {
    case GroupKind::text:
    case GroupKind::handle_text: out.add(code, read_group_text(in, data)); return true;
    case GroupKind::point:
      for (int axis = 0; axis < 3; ++axis) out.add(code + 10 * axis, data.rd());
      return true;
    case GroupKind::real: out.add(code, data.rd()); return true;
    case GroupKind::int8: out.add(code, std::int64_t{data.rc()}); return true;
    case GroupKind::int16:
      out.add(code, std::int64_t{static_cast<std::int16_t>(data.rs())});
      return true;
    case GroupKind::int32:
      out.add(code, std::int64_t{static_cast<std::int32_t>(data.rl())});
      return true;
    case GroupKind::int64: out.add(code, static_cast<std::int64_t>(data.rll())); return true;
    case GroupKind::handle: out.add_handle(code, data.rll()); return true;
    case GroupKind::binary: {
      std::string bytes(data.count(data.rc(), 8), '\0');
      data.raw(bytes.data(), bytes.size());
      out.add_binary(code, bytes);
      return true;
    }
    case GroupKind::unknown: return false;
  }
  return false;
}

std::string read_record(ObjectIn& in) {
  const std::uint32_t size = in.ubl();
  if (size > in.bits_left() / 8) {
    in.fail();
    return {};
  }
  BitCursor data(in.bytes(), in.position(), in.position() + std::uint64_t{size} * 8);
  in.skip(std::uint64_t{size} * 8);
  acad::RecordText text;
  while (data.bits_left() > 0) {
    if (read_group(in, data, text) && data.ok()) continue;
    in.warn("DWG_BAD_XRECORD", "Data that an application keeps is damaged; its end is left out.");
    break;
  }
  if (in.from(Version::r2000)) in.bs();                        // cloning
  while (in.handles_left() && in.handles().ok()) in.handle();  // objects that the data names
  return text.take();
}

Handle read_block_representation(ObjectIn& in) {
  in.bs();  // version
  return in.handle();
}

bool is_read_on_demand(std::string_view type) {
  return type == "DICTIONARY" || type == "ACDBDICTIONARYWDFLT" || type == "XRECORD" ||
         type == "ACDB_BLOCKREPRESENTATION_DATA";
}

class ExtensionReader {
 public:
  explicit ExtensionReader(Loader& loader) : loader_(loader) {}
  void run(const Loader::PendingExtension& pending) {
    pending_ = pending;
    acad::walk_dictionary(
        pending.dictionary, [this](Handle handle) { return open(handle); },
        [this](const std::string& path, std::string value) { store(path, std::move(value)); });
  }
  // Those that no entity leads to, too.
  void read_rest();

 private:
  DictionaryObject read(const Slot& slot);
  DictionaryObject open(Handle handle);
  std::string dynamic_block_name(Handle source);
  void store(const std::string& path, std::string value);

  Loader& loader_;
  Loader::PendingExtension pending_;
};

DictionaryObject ExtensionReader::open(Handle handle) {
  Slot* const slot = loader_.find(handle);
  if (slot == nullptr || slot->role != Role::object || slot->claimed) return {};
  slot->claimed = true;
  return read(*slot);
}

DictionaryObject ExtensionReader::read(const Slot& slot) {
  DictionaryObject object;
  object.kind = DictionaryObject::Kind::value;
  const std::string_view type = slot.row->name;
  if (!is_read_on_demand(type)) {
    object.value = slot.info != nullptr ? slot.info->dxf_name : std::string(type);
    return object;
  }
  ObjectIn in = loader_.open(slot);
  begin_object(in);
  if (type == "XRECORD") {
    object.value = read_record(in);
  } else if (type == "ACDB_BLOCKREPRESENTATION_DATA") {
    object.value = dynamic_block_name(read_block_representation(in));
  } else {
    read_dictionary(in, type == "ACDBDICTIONARYWDFLT", object);
  }
  loader_.note_leftover(in);
  if (!in.all_ok())
    in.warn("DWG_OBJECT_DAMAGED", "An object is damaged; some of what it says may be wrong.");
  return object;
}

void ExtensionReader::read_rest() {
  pending_ = {};
  for (const Slot& slot : loader_.slots())
    if (slot.role == Role::object && !slot.claimed && is_read_on_demand(slot.row->name)) read(slot);
}

std::string ExtensionReader::dynamic_block_name(Handle source) {
  const BlockId dynamic = loader_.block(source);
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
  loader_.extra_of(pending_.extra).extension.push_back({path, std::move(value)});
}

}  // namespace

void read_extensions(Loader& loader) {
  ExtensionReader reader(loader);
  for (const auto& pending : loader.pending_extensions()) reader.run(pending);
  if (loader.is_audited()) reader.read_rest();
}

}  // namespace cad::dwg
