// SPDX-License-Identifier: Apache-2.0
#include "app/job_admin.hpp"

#include "app/admin_database.hpp"
#include "app/clock.hpp"
#include "store/repositories.hpp"

namespace cad::app {

Result<std::vector<store::Job>> list_dead(const std::string& data, std::int64_t limit) {
  CAD_ASSIGN(const auto database, open_database(data, system_now()));
  return store::JobRepository(*database).dead(limit);
}

}  // namespace cad::app
