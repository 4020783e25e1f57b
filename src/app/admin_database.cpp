// SPDX-License-Identifier: Apache-2.0
#include "app/admin_database.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace cad::app {

Result<std::unique_ptr<store::Database>> open_database(const std::string& data, store::UnixMs now) {
  const std::string path = data + "/cadlens.db";
  if (::access(path.c_str(), F_OK) != 0)
    return fail(ErrorCode::not_found, "There is no database in " + data +
                                          "; start the service once, or name its folder with "
                                          "--data.");
  ::umask(0077);
  CAD_ASSIGN(auto database, store::open_sqlite(path));
  CAD_TRY(store::migrate(*database, now));
  return database;
}

}  // namespace cad::app
