// SPDX-License-Identifier: Apache-2.0
#include "store/duties.hpp"

namespace cad::store {

Result<bool> DutyRepository::take(std::string_view name, std::string_view owner, UnixMs now,
                                  UnixMs until) {
  CAD_ASSIGN(const Rows rows,
             database_.write("INSERT INTO duties (name, owner, lease_until) VALUES ($1,$2,$4)"
                             " ON CONFLICT (name) DO UPDATE SET owner = $2, lease_until = $4"
                             " WHERE duties.owner = $2 OR duties.lease_until <= $3",
                             {std::string(name), std::string(owner), now, until}));
  return rows.changed == 1;
}

Result<void> DutyRepository::leave(std::string_view owner) {
  CAD_TRY(
      database_.write("UPDATE duties SET lease_until = 0 WHERE owner = $1", {std::string(owner)}));
  return {};
}

}  // namespace cad::store
