// SPDX-License-Identifier: Apache-2.0
// The fields of a log line, `event=name key=value key="text"`, and the names that they have in
// JSON. docs/operations.md is the table for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cad::logging {

struct Field {
  std::string_view key;
  std::string_view value;  // as written; with its quotes when `is_text`
  bool is_text = false;
};

// Strictly: single spaces between fields, "event" first, no key twice, bare values of printable
// ASCII without quotes, backslashes and '=', texts as logging::quoted() writes them. None: the line
// is something else.
std::optional<std::vector<Field>> parse_fields(std::string_view line);

enum class FieldType : std::uint8_t { text, integer, number, boolean };

struct FieldName {
  std::string_view key;   // in the line
  std::string_view json;  // in the object
  FieldType type = FieldType::text;
};
std::optional<FieldName> find_field(std::string_view key);  // none: it is not listed

}  // namespace cad::logging
