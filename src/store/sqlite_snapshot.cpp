// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <memory>

#include "base/unique_fd.hpp"
#include "store/database.hpp"

namespace cad::store {
namespace {

constexpr int kBusyTimeoutMs = 5000;

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

tl::unexpected<Error> failed(sqlite3* handle) {
  return fail(ErrorCode::unavailable,
              std::string("The database could not be copied: ") + sqlite3_errmsg(handle));
}

}  // namespace

Result<void> snapshot_sqlite(const std::string& path, const std::string& into) {
  // SQLite takes an empty file for none, and would make one that more people can read.
  if (!UniqueFd(::open(into.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)))
    return fail(ErrorCode::io, "The file " + into + " cannot be made.");
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, Close> handle(raw);
  if (opened != SQLITE_OK) return failed(raw);
  sqlite3_busy_timeout(raw, kBusyTimeoutMs);
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(raw, "VACUUM INTO ?1", -1, &prepared, nullptr) != SQLITE_OK)
    return failed(raw);
  const std::unique_ptr<sqlite3_stmt, Finalize> statement(prepared);
  if (sqlite3_bind_text64(prepared, 1, into.data(), into.size(), SQLITE_TRANSIENT, SQLITE_UTF8) !=
          SQLITE_OK ||
      sqlite3_step(prepared) != SQLITE_DONE)
    return failed(raw);
  return {};
}

}  // namespace cad::store
