// SPDX-License-Identifier: Apache-2.0
// Who of many nodes does what one of them has to do: sweeping, looking for spikes.
#pragma once

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

class DutyRepository {
 public:
  explicit DutyRepository(Database& database) : database_(database) {}

  // True: it is `owner`'s from now until `until`, and nobody else's; who has it may have it again.
  Result<bool> take(std::string_view name, std::string_view owner, UnixMs now, UnixMs until);
  // Another may take it at once.
  Result<void> leave(std::string_view owner);

 private:
  Database& database_;
};

}  // namespace cad::store
