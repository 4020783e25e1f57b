// SPDX-License-Identifier: Apache-2.0
#include "formats/acad/extension_dictionary.hpp"

#include <fmt/format.h>

namespace cad::acad {
namespace {

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxValueBytes = 65536;

struct Walk {
  const std::function<DictionaryObject(Handle)>& open;
  const std::function<void(const std::string&, std::string)>& store;

  void visit(Handle handle, const std::string& path, int depth) {
    if (depth > kMaxDepth) return;
    DictionaryObject object = open(handle);
    if (object.kind == DictionaryObject::Kind::value && !path.empty())
      store(path, std::move(object.value));
    for (const DictionaryEntry& entry : object.entries)
      visit(entry.object, path.empty() ? entry.name : path + "/" + entry.name, depth + 1);
  }
};

struct Range {
  int first, last;
  GroupKind kind;
};

constexpr Range kRanges[] = {{0, 4, GroupKind::text},
                             {5, 5, GroupKind::handle_text},
                             {6, 9, GroupKind::text},
                             {10, 37, GroupKind::point},
                             {38, 59, GroupKind::real},
                             {60, 79, GroupKind::int16},
                             {90, 99, GroupKind::int32},
                             {100, 102, GroupKind::text},
                             {105, 105, GroupKind::handle_text},
                             {110, 119, GroupKind::point},
                             {120, 149, GroupKind::real},
                             {160, 169, GroupKind::int64},
                             {170, 179, GroupKind::int16},
                             {210, 219, GroupKind::point},
                             {220, 239, GroupKind::real},
                             {270, 279, GroupKind::int16},
                             {280, 299, GroupKind::int8},
                             {300, 309, GroupKind::text},
                             {310, 319, GroupKind::binary},
                             {320, 329, GroupKind::handle_text},
                             {330, 369, GroupKind::handle},
                             {370, 389, GroupKind::int16},
                             {390, 399, GroupKind::handle},
                             {400, 409, GroupKind::int16},
                             {410, 419, GroupKind::text},
                             {420, 429, GroupKind::int32},
                             {430, 439, GroupKind::text},
                             {440, 459, GroupKind::int32},
                             {460, 469, GroupKind::real},
                             {470, 479, GroupKind::text},
                             {480, 481, GroupKind::handle_text},
                             {999, 1003, GroupKind::text},
                             {1004, 1004, GroupKind::binary},
                             {1005, 1005, GroupKind::handle},
                             {1010, 1037, GroupKind::point},
                             {1038, 1059, GroupKind::real},
                             {1060, 1070, GroupKind::int16},
                             {1071, 1071, GroupKind::int32}};

}  // namespace

void walk_dictionary(Handle root, const std::function<DictionaryObject(Handle)>& open,
                     const std::function<void(const std::string& path, std::string value)>& store) {
  Walk{open, store}.visit(root, {}, 0);
}

GroupKind group_kind(int code) {
  for (const Range& range : kRanges)
    if (code >= range.first && code <= range.last) return range.kind;
  return GroupKind::unknown;
}

bool RecordText::begin(int code) {
  if (text_.size() > kMaxValueBytes) return false;
  if (!text_.empty()) text_ += "; ";
  text_ += fmt::format("{}=", code);
  return true;
}

void RecordText::add(int code, std::string_view value) {
  if (begin(code)) text_ += value.substr(0, kMaxValueBytes);
}
void RecordText::add(int code, double value) {
  if (begin(code)) text_ += fmt::format("{}", value);
}
void RecordText::add(int code, std::int64_t value) {
  if (begin(code)) text_ += fmt::format("{}", value);
}

void RecordText::add_handle(int code, Handle value) {
  if (begin(code)) text_ += fmt::format("{:X}", value);
}
void RecordText::add_binary(int code, std::string_view bytes) {
  if (!begin(code)) return;
  for (const char byte : bytes.substr(0, kMaxValueBytes / 2))
    text_ += fmt::format("{:02X}", static_cast<unsigned char>(byte));
}

}  // namespace cad::acad
