// SPDX-License-Identifier: Apache-2.0
// A database as rows, whatever keeps them: what SQLite and PostgreSQL can both be restored from.
//
// The content of an entry `table` (integers little endian): the number of columns (u16), the name
// of each (u8 length, text), then rows to the end: of each column a byte and its value, 0: null, 1:
// integer (i64), 2: text (u32 length, UTF-8).
#pragma once

#include <map>
#include <span>
#include <string>

#include "backup/archive.hpp"
#include "store/catalog.hpp"

namespace cad::backup {

// All tables as the session sees them: an entry `schema`, then one for each table. Returns how many
// bytes.
Result<std::uint64_t> add_tables(ArchiveWriter& archive, store::Session& session,
                                 store::Dialect dialect);

// Takes the entries in their order, into a database without any table; as a part of the session's
// transaction.
class TableLoader {
 public:
  TableLoader(store::Session& session, store::Dialect dialect)
      : session_(session), dialect_(dialect) {}

  // CONFLICT: the database is not empty, or the backup is of a newer version.
  Result<void> begin(std::int64_t version);
  Result<std::uint64_t> load(ArchiveReader& archive, const std::string& table);
  // What has changed in the tables since the backup was made.
  Result<void> finish();

 private:
  store::Session& session_;
  store::Dialect dialect_;
  std::map<std::string, store::TableShape> shapes_;
};

// Reads such an entry and forgets it; INTEGRITY when it is not laid out so.
Result<std::uint64_t> check_table(ArchiveReader& archive);

}  // namespace cad::backup
