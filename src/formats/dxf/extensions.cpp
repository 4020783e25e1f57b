// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/extensions.hpp"

#include <fmt/format.h>

#include "formats/dxf/record.hpp"

namespace cad::dxf {
namespace {

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxEntries = 1000;      // of one dictionary
constexpr std::size_t kMaxKeyBytes = 256;      // of one name in a path
constexpr std::size_t kMaxValueBytes = 65536;  // of one value's text

class ExtensionReader {
 public:
  explicit ExtensionReader(Loader& loader) : loader_(loader) {}
  void run(const Loader::PendingExtension& pending) {
    pending_ = pending;
    read_object(pending.dictionary, {}, 0);
  }

 private:
  struct Item {
    std::string name;
    Handle object = 0;
  };

  void read_object(Handle handle, const std::string& path, int depth);
  void read_dictionary(Record& in, const std::string& path, int depth);
  std::string record_value(Record& in);
  std::string dynamic_block_name(Record& in);
  void store(const std::string& path, std::string value);

  Loader& loader_;
  Loader::PendingExtension pending_;
};

void ExtensionReader::read_object(Handle handle, const std::string& path, int depth) {
  TagCursor::Mark mark;
  if (depth > kMaxDepth || !loader_.objects().take(handle, mark)) return;
  TagCursor& tags = loader_.tags();
  tags.seek(mark);
  if (!tags.next() || tags.code() != 0) return;
  Record in(loader_);
  if (in.type() == "DICTIONARY" || in.type() == "ACDBDICTIONARYWDFLT")
    return read_dictionary(in, path, depth);
  if (path.empty()) return;
  if (in.type() == "XRECORD") return store(path, record_value(in));
  if (in.type() == "ACDB_BLOCKREPRESENTATION_DATA") return store(path, dynamic_block_name(in));
  store(path, loader_.decode(in.type()));
}

void ExtensionReader::read_dictionary(Record& in, const std::string& path, int depth) {
  std::vector<Item> items;
  while (in.next()) {
    if (!in.app().empty()) continue;
    if (in.code() == 3 && items.size() < kMaxEntries)
      items.push_back({loader_.decode(in.raw().substr(0, kMaxKeyBytes)), 0});
    if ((in.code() == 350 || in.code() == 360) && !items.empty())
      items.back().object = in.reference();
  }
  for (const Item& item : items)
    read_object(item.object, path.empty() ? item.name : path + "/" + item.name, depth + 1);
}

// "code=value" of each group, as the record has them.
std::string ExtensionReader::record_value(Record& in) {
  std::string value;
  while (in.next()) {
    if (!in.app().empty() || in.code() == 280 || value.size() > kMaxValueBytes) continue;
    if (!value.empty()) value += "; ";
    value += fmt::format("{}=", in.code());
    const int code = in.code();
    if ((code >= 10 && code < 60) || (code >= 110 && code < 150) || (code >= 210 && code < 240)) {
      value += fmt::format("{}", in.real());
    } else if ((code >= 60 && code < 100) || (code >= 160 && code < 180) ||
               (code >= 270 && code < 300) || (code >= 370 && code < 390)) {
      value += fmt::format("{}", in.integer());
    } else {
      value += in.text().substr(0, kMaxValueBytes);
    }
  }
  return value;
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
