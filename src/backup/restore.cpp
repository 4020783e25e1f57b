// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "backup/archive.hpp"
#include "backup/backup.hpp"
#include "backup/tables.hpp"
#include "blobs/envelope.hpp"
#include "crypto/bytes.hpp"
#include "disk/files.hpp"
#include "jobs/services.hpp"

namespace cad::backup {
namespace {

namespace fs = std::filesystem;

// Beside the data directory until everything is known to be good; then it takes its place.
class Staging {
 public:
  Staging() = default;
  ~Staging() {
    std::error_code error;
    if (!dir_.empty()) fs::remove_all(dir_, error);
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  Result<void> make(const std::string& data) {
    std::string plain = data;
    while (plain.size() > 1 && plain.ends_with('/')) plain.pop_back();
    target_ = plain;
    CAD_TRY(check_empty());
    CAD_TRY(disk::make_dirs(disk::parent_dir(target_)));
    const std::string dir = target_ + ".restore-" + crypto::random_hex(8);
    if (::mkdir(dir.c_str(), 0700) != 0) return disk::fail_errno("making a folder");
    dir_ = dir;
    return {};
  }
  bool has(std::string_view name) const {
    std::error_code error;
    return fs::exists(file(name), error);
  }
  std::string file(std::string_view name) const { return dir_ + "/" + std::string(name); }

  Result<void> put_in_place() {
    UniqueFd fd(::open(dir_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::syncfs(fd.get()) != 0) return disk::fail_errno("making the data durable");
    // Onto an empty folder or nothing: a folder that has got anything by now is not replaced.
    if (::rename(dir_.c_str(), target_.c_str()) != 0)
      return disk::fail_errno("putting the data directory in place");
    dir_.clear();
    return disk::sync_dir(disk::parent_dir(target_));
  }

 private:
  Result<void> check_empty() const {
    std::error_code error;
    if (!fs::exists(target_, error)) return {};
    if (fs::is_directory(target_, error) && fs::is_empty(target_, error)) return {};
    return fail(ErrorCode::conflict, "A backup is restored into a new or empty directory only; " +
                                         target_ + " is neither.");
  }

  std::string target_, dir_;
};

// Where the data go; nothing is set when they are only checked.
struct Targets {
  Staging* staging = nullptr;         // the data directory
  StoredObjects* objects = nullptr;   // in it, or elsewhere
  store::Session* session = nullptr;  // of a database that is elsewhere
  store::Dialect dialect = store::Dialect::sqlite;
};

class Restorer {
 public:
  Restorer(ArchiveReader archive, const Targets& targets) : archive_(archive), targets_(targets) {}

  Result<Contents> run() {
    while (true) {
      CAD_ASSIGN(const Entry entry, archive_.next());
      if (entry.kind == EntryKind::end) break;
      CAD_TRY(take(entry));
    }
    if (databases_ != 1)
      return fail(ErrorCode::integrity, "The backup does not hold one database.");
    CAD_TRY(finish());
    return contents_;
  }

 private:
  Result<void> take(const Entry& entry) {
    switch (entry.kind) {
      case EntryKind::about: return take_about();
      case EntryKind::database: return take_database();
      case EntryKind::object: return take_object(entry.name);
      case EntryKind::missing: return take_missing(entry.name);
      case EntryKind::master_keys: return take_master_keys();
      case EntryKind::schema: return take_schema();
      case EntryKind::table: return take_table(entry.name);
      case EntryKind::end: break;
    }
    return fail(ErrorCode::integrity, "The backup is not laid out as this version writes it.");
  }

  Result<void> take_about() {
    CAD_ASSIGN(contents_.about, archive_.text(4096));
    return {};
  }

  Result<void> take_database() {
    ++databases_;
    const std::string path = targets_.staging ? targets_.staging->file("cadlens.db") : "";
    CAD_ASSIGN(contents_.database_bytes, copy_to(path));
    return {};
  }

  Result<void> take_schema() {
    ++databases_;
    CAD_ASSIGN(const std::string text, archive_.text(20));
    if (targets_.session == nullptr) return {};
    loader_.emplace(*targets_.session, targets_.dialect);
    return loader_->begin(std::strtoll(text.c_str(), nullptr, 10));
  }

  Result<void> take_table(const std::string& name) {
    CAD_ASSIGN(const std::uint64_t bytes,
               loader_ ? loader_->load(archive_, name) : check_table(archive_));
    contents_.database_bytes += bytes;
    return {};
  }

  Result<void> take_object(const std::string& key) {
    if (!blobs::is_valid_key(key))
      return fail(ErrorCode::integrity, "An object in the backup has a name that is none.");
    std::unique_ptr<ObjectWriter> writer;
    // The server ends a transaction of which it hears nothing for long.
    if (targets_.session != nullptr) CAD_TRY(targets_.session->run("SELECT 1", {}));
    if (targets_.objects != nullptr) {
      CAD_ASSIGN(writer, targets_.objects->write(key));
    }
    head_.clear();
    std::uint64_t size = 0;
    CAD_TRY(archive_.content([&](std::span<const std::byte> bytes) -> Result<void> {
      size += bytes.size();
      const auto part = bytes.first(std::min(bytes.size(), blobs::kHeaderBytes - head_.size()));
      head_.insert(head_.end(), part.begin(), part.end());
      return writer ? writer->write(bytes) : Result<void>();
    }));
    if (writer) CAD_TRY(writer->commit());
    CAD_TRY(blobs::extent_of_file(size));
    blobs::Header header{};
    if (head_.size() < header.size())
      return fail(ErrorCode::integrity, "An object in the backup has been cut off.");
    std::copy_n(head_.begin(), header.size(), header.begin());
    contents_.master_ids.insert(secrets::id_text(blobs::master_id_of(header)));
    ++contents_.objects;
    contents_.object_bytes += size;
    return {};
  }

  Result<void> take_missing(const std::string& key) {
    CAD_TRY(archive_.text(0));
    missing_.push_back(key);
    ++contents_.missing;
    return {};
  }

  Result<void> take_master_keys() {
    CAD_ASSIGN(std::string text, archive_.text(64 * 1024));
    const Secret secret = Secret::from_text(text);
    const auto place = blobs::master_key_place(targets_.staging ? targets_.staging->file("") : "");
    CAD_ASSIGN(const auto ring,
               secrets::KeyRing::parse(secret, place.label, "The backup's master key"));
    contents_.master_key = true;
    if (targets_.staging == nullptr) return {};
    return secrets::write_key_file(targets_.staging->file("master.key"), ring);
  }

  Result<std::uint64_t> copy_to(const std::string& path) {
    UniqueFd fd;
    if (!path.empty()) {
      fd.reset(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
      if (!fd) return disk::fail_errno("restoring a file");
    }
    std::uint64_t size = 0;
    CAD_TRY(archive_.content([&](std::span<const std::byte> bytes) -> Result<void> {
      size += bytes.size();
      return fd ? disk::write_all(fd.get(), bytes.data(), bytes.size()) : Result<void>();
    }));
    return size;
  }

  // What was removed between the copies of database and objects must not seem to be there.
  Result<void> finish() {
    if (loader_) {
      for (const std::string& key : missing_) CAD_TRY(mend(*targets_.session, key));
      return loader_->finish();
    }
    if (targets_.staging == nullptr || !targets_.staging->has("cadlens.db")) return {};
    CAD_ASSIGN(const auto database, store::open_sqlite(targets_.staging->file("cadlens.db")));
    CAD_ASSIGN(const store::Rows checked, database->read("PRAGMA integrity_check", {}));
    if (checked.rows.size() != 1 || checked.rows.front().text(0) != "ok")
      return fail(ErrorCode::integrity, "The database in the backup is damaged.");
    return database->transaction([&](store::Session& session) -> Result<void> {
      for (const std::string& key : missing_) CAD_TRY(mend(session, key));
      return {};
    });
  }

  static Result<void> mend(store::Session& session, const std::string& key) {
    const auto object = jobs::object_of(key);
    if (!object) return fail(ErrorCode::integrity, "The backup names an object that no job has.");
    if (key.starts_with("uploads/")) {
      CAD_ASSIGN(const store::Rows done, session.run("UPDATE jobs SET upload_gone = 1 WHERE id = $1"
                                                     " AND status IN ('COMPLETED', 'FAILED')",
                                                     {object->job_id}));
      if (done.changed > 0) return {};
    }
    // Deleted by its owner, or it cannot be parsed any more.
    CAD_TRY(session.run("DELETE FROM jobs WHERE id = $1", {object->job_id}));
    return {};
  }

  ArchiveReader archive_;
  const Targets targets_;
  std::optional<TableLoader> loader_;
  Contents contents_;
  int databases_ = 0;
  std::vector<std::byte> head_;  // of the entry that is being copied
  std::vector<std::string> missing_;
};

// Whether it holds rows that any database can take, or a SQLite file.
Result<bool> holds_rows(const std::string& file, const secrets::RingKey& key) {
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail(ErrorCode::not_found, "The backup " + file + " cannot be read.");
  CAD_ASSIGN(SealedReader sealed, SealedReader::open(std::move(fd), key));
  ArchiveReader archive(sealed);
  CAD_ASSIGN(const Entry first, archive.next());
  if (first.kind != EntryKind::about) return false;
  CAD_TRY(archive.text(4096));
  CAD_ASSIGN(const Entry second, archive.next());
  return second.kind == EntryKind::schema;
}

// Everything, as one transaction of the database; the data directory takes its place just before it
// is committed.
Result<Contents> restore_rows(store::Database& database, const ArchiveReader& archive,
                              Targets targets, bool close_first) {
  Contents contents;
  targets.dialect = database.dialect();
  CAD_TRY(database.exclusively([&](store::Session& session) -> Result<void> {
    targets.session = &session;
    CAD_ASSIGN(contents, Restorer(archive, targets).run());
    return close_first || targets.staging == nullptr ? Result<void>()
                                                     : targets.staging->put_in_place();
  }));
  return contents;
}

Result<Contents> restore_into(const RestoreOptions& options, const ArchiveReader& archive,
                              bool rows) {
  if (options.database != nullptr && !rows)
    return fail(ErrorCode::invalid_argument,
                "The backup holds a SQLite file, which PostgreSQL does not take: restore it into a "
                "data directory, without CADLENS_DATABASE_URL; or make it anew with --rows.");
  Staging staging;
  Targets targets;
  std::unique_ptr<StoredObjects> local;
  if (!options.data.empty()) {
    CAD_TRY(staging.make(options.data));
    targets.staging = &staging;
    local = local_objects(staging.file("blobs"));
  }
  targets.objects = options.objects != nullptr ? options.objects : local.get();
  if (options.database != nullptr) return restore_rows(*options.database, archive, targets, false);
  if (targets.staging == nullptr)
    return fail(ErrorCode::invalid_argument, "A backup is restored into a data directory.");
  Contents contents;
  if (rows) {
    CAD_ASSIGN(const auto database, store::open_sqlite(staging.file("cadlens.db")));
    CAD_ASSIGN(contents, restore_rows(*database, archive, targets, true));
  } else {
    CAD_ASSIGN(contents, Restorer(archive, targets).run());
  }
  CAD_TRY(staging.put_in_place());
  return contents;
}

}  // namespace

Result<Contents> restore_backup(const RestoreOptions& options, const Secret& key) {
  UniqueFd fd(::open(options.file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail(ErrorCode::not_found, "The backup " + options.file + " cannot be read.");
  const auto ring_key = secrets::make_ring_key(key.bytes().first<32>(), kBackupKeyLabel);
  CAD_ASSIGN(SealedReader sealed, SealedReader::open(std::move(fd), ring_key));
  if (options.verify_only) return Restorer(ArchiveReader(sealed), {}).run();
  CAD_ASSIGN(const bool rows, holds_rows(options.file, ring_key));
  return restore_into(options, ArchiveReader(sealed), rows);
}

}  // namespace cad::backup
