// SPDX-License-Identifier: Apache-2.0
// What all nodes on one database agree on.
#pragma once

#include "store/database.hpp"

namespace cad::store {

// There is an object in the store that says whose it is (app/same_store.hpp).
inline constexpr std::string_view kStoreMarked = "store_marked";

// The value that was stored first under that name, by whichever node; `value`, if none was.
Result<std::string> agree_on(Database& database, std::string_view name, std::string_view value);

// None: nobody has stored one under that name.
Result<std::optional<std::string>> find_fact(Database& database, std::string_view name);
Result<std::optional<std::string>> find_fact(Session& session, std::string_view name);
// Unless there is one.
Result<void> store_fact(Session& session, std::string_view name, std::string_view value);

// A part of any result, as job id, attempt, kind and number; none: there is no result yet.
struct AnyPart {
  std::string job_id;
  std::int64_t attempt = 0;
  std::string kind;
  std::int64_t number = 0;
};
Result<std::optional<AnyPart>> any_part(Database& database);

}  // namespace cad::store
