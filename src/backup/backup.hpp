// SPDX-License-Identifier: Apache-2.0
// Backups of a data directory: database and stored objects, compressed, encrypted, in one file.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "backup/stored_objects.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/database.hpp"

namespace cad::backup {

struct BackupOptions {
  std::string data;  // of a server that may be running
  std::string file;  // replaced as a whole when everything is in it and on the disk; mode 0600
  // Without it, the objects can be read with backup key and master key only.
  bool with_master_key = false;
  std::string about;  // lines of "name=value"
  // Where the data are, when they are elsewhere than in the data directory. A database given here
  // is copied row by row, in one transaction that only reads, and can be restored into either kind.
  store::Database* database = nullptr;
  StoredObjects* objects = nullptr;
};

// What a backup holds.
struct Contents {
  std::string about;
  std::size_t objects = 0, missing = 0;
  std::size_t lost = 0;  // of the missing ones: nobody removed them (known when it is made)
  std::uint64_t object_bytes = 0, database_bytes = 0;
  bool master_key = false;
  std::set<std::string> master_ids;  // the master keys that the objects need
};

// CADLENS_BACKUP_KEY or CADLENS_BACKUP_KEY_FILE: 64 hexadecimal digits. INVALID_ARGUMENT.
Result<Secret> backup_key_from_environment();

// Consistent: the database at one moment, and the objects that it speaks of; those that the server
// removes meanwhile are recorded as missing. The server is never stopped or held up for long.
// INTEGRITY: the store holds nothing of what the database speaks of, so it is another's.
Result<Contents> make_backup(const BackupOptions& options, const Secret& key);

struct RestoreOptions {
  std::string file;
  std::string data;          // must be missing or empty
  bool verify_only = false;  // reads and checks everything, writes nothing
  // Where to put the data instead of the data directory. The database must be empty; a backup of a
  // SQLite file goes into a data directory only.
  store::Database* database = nullptr;
  StoredObjects* objects = nullptr;
};
// All or nothing: `data` and the tables appear when every byte has been checked and is on the disk.
// (Of a restore that failed, objects may be left in `objects`: no job owns them, a sweep takes
// them.)
Result<Contents> restore_backup(const RestoreOptions& options, const Secret& key);

}  // namespace cad::backup
