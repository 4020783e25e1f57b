// SPDX-License-Identifier: Apache-2.0
// Extension dictionaries as the result has them: one text for each object that an entity's
// dictionary leads to, by its path of names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ids.hpp"

namespace cad::acad {

inline constexpr std::size_t kMaxDictionaryEntries = 1000;  // of one dictionary
inline constexpr std::size_t kMaxKeyBytes = 256;            // of one name in a path

struct DictionaryEntry {
  std::string name;
  Handle object = 0;
};

struct DictionaryObject {
  enum class Kind : std::uint8_t { none, dictionary, value };
  Kind kind = Kind::none;
  std::vector<DictionaryEntry> entries;
  std::string value;
};

// Visits what `root`, a dictionary, leads to. `open` gives each object once: that, and a limit of
// depth, keeps circles and shared dictionaries from being read again and again.
void walk_dictionary(Handle root, const std::function<DictionaryObject(Handle)>& open,
                     const std::function<void(const std::string& path, std::string value)>& store);

// How the value of a group is stored (DXF Reference, "Group Code Value Types").
enum class GroupKind : std::uint8_t {
  text,
  point,  // x of three coordinates
  real,
  int8,
  int16,
  int32,
  int64,
  handle,
  handle_text,
  binary,
  unknown
};
GroupKind group_kind(int code);

// The groups of an XRECORD as one text: "code=value; code=value". What exceeds 64 KB is cut.
class RecordText {
 public:
  void add(int code, std::string_view value);
  void add(int code, double value);
  void add(int code, std::int64_t value);
  void add_handle(int code, Handle value);
  void add_binary(int code, std::string_view bytes);
  std::string take() { return std::move(text_); }

 private:
  bool begin(int code);
  std::string text_;
};

}  // namespace cad::acad
