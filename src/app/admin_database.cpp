// SPDX-License-Identifier: Apache-2.0
#include "app/admin_database.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "app/backends.hpp"

namespace cad::app {

Result<std::unique_ptr<store::Database>> open_database(const std::string& data, store::UnixMs now) {
  CAD_ASSIGN(const BackendUrls urls, take_backend_urls());
  const std::string path = data + "/cadlens.db";
  if (!urls.database && ::access(path.c_str(), F_OK) != 0)
    return fail(ErrorCode::not_found, "There is no database in " + data +
                                          "; start the service once, or name its folder with "
                                          "--data.");
  ::umask(0077);
  CAD_ASSIGN(auto database, open_database(urls, data));
  CAD_TRY(store::migrate(*database, now));
  return database;
}

}  // namespace cad::app
