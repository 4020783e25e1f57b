// SPDX-License-Identifier: Apache-2.0
// What only one transaction on a database may do at a time, whichever node it is of. The statements
// after it see what the holder before has committed.
#pragma once

#include "store/database.hpp"

namespace cad::store {

inline Result<void> lock(Session& session, std::string_view name) {
  CAD_TRY(
      session.run("INSERT INTO locks (name, taken) VALUES ($1, 1)"
                  " ON CONFLICT (name) DO UPDATE SET taken = locks.taken + 1",
                  {std::string(name)}));
  return {};
}

}  // namespace cad::store
