// SPDX-License-Identifier: Apache-2.0
#include "backup/backup.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "backup/archive.hpp"
#include "backup/tables.hpp"
#include "blobs/envelope.hpp"
#include "crypto/bytes.hpp"
#include "disk/file_lock.hpp"
#include "disk/files.hpp"
#include "jobs/services.hpp"
#include "secrets/environment.hpp"

namespace cad::backup {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kSnapshotStart = "backup-";
constexpr std::string_view kSnapshotEnd = ".snapshot";

// Gone with the scope, unless it was kept.
class TempPath {
 public:
  explicit TempPath(std::string path) : path_(std::move(path)) {}
  ~TempPath() {
    if (path_.empty()) return;
    for (const char* more : {"", "-wal", "-shm", "-journal"}) ::unlink((path_ + more).c_str());
  }
  TempPath(const TempPath&) = delete;
  TempPath& operator=(const TempPath&) = delete;
  const std::string& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  std::string path_;
};

// Of backups that were killed. Nobody else makes one now: we hold the lock.
void remove_old_snapshots(const std::string& data) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(data, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kSnapshotStart) && name.find(kSnapshotEnd) != name.npos)
      fs::remove(entry.path(), error);
  }
}

Source source_of(int fd) {
  return [fd](std::span<std::byte> into) -> Result<std::size_t> {
    while (true) {
      const ssize_t got = ::read(fd, into.data(), into.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) return disk::fail_errno("reading what is backed up");
    }
  };
}

Result<void> add_database(ArchiveWriter& archive, const std::string& path, Contents& contents) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return disk::fail_errno("reading the database's copy");
  std::error_code error;
  contents.database_bytes = fs::file_size(path, error);
  return archive.add(EntryKind::database, "", source_of(fd.get()), true);
}

Result<void> add_object(ArchiveWriter& archive, StoredObjects& objects, const blobs::Key& key,
                        Contents& contents) {
  auto source = objects.read(key);
  if (!source && source.error().code == ErrorCode::not_found) {
    ++contents.missing;
    return archive.add_text(EntryKind::missing, key, "");
  }
  if (!source) return tl::unexpected(std::move(source.error()));
  ++contents.objects;
  blobs::Header header{};
  std::size_t seen = 0;
  const Source counted = [&](std::span<std::byte> into) -> Result<std::size_t> {
    CAD_ASSIGN(const std::size_t count, (*source)(into));
    const std::size_t more = std::min(count, header.size() - seen);
    std::copy_n(into.begin(), more, header.begin() + static_cast<std::ptrdiff_t>(seen));
    seen += more;
    contents.object_bytes += count;
    return count;
  };
  CAD_TRY(archive.add(EntryKind::object, key, counted, false));
  if (seen == header.size())
    contents.master_ids.insert(secrets::id_text(blobs::master_id_of(header)));
  return {};
}

// The objects that the database speaks of: the uploads that are still wanted, and the parts of
// results.
Result<std::vector<blobs::Key>> keys_in(store::Session& session) {
  constexpr std::int64_t kBatch = 500;
  std::vector<blobs::Key> keys;
  std::string last;
  while (true) {
    CAD_ASSIGN(const store::Rows jobs,
               session.run("SELECT id, upload_gone FROM jobs WHERE id > $1 ORDER BY id LIMIT $2",
                           {last, kBatch}));
    if (jobs.rows.empty()) return keys;
    CAD_ASSIGN(const store::Rows parts,
               session.run("SELECT p.job_id, j.result_attempt, p.kind, p.number FROM parts p"
                           " JOIN jobs j ON j.id = p.job_id WHERE p.job_id > $1 AND p.job_id <= $2"
                           " AND j.result_attempt IS NOT NULL ORDER BY p.job_id, p.kind, p.number",
                           {last, jobs.rows.back().text(0)}));
    for (const store::Row& job : jobs.rows)
      if (job.integer(1) == 0) keys.push_back(jobs::upload_key(job.text(0)));
    for (const store::Row& part : parts.rows)
      keys.push_back(jobs::part_key(part.text(0), part.integer(1), part.text(2), part.integer(3)));
    last = jobs.rows.back().text(0);
  }
}

// Whether the job still has it: its row changes before an object is removed.
Result<bool> is_spoken_of(store::Database& database, const blobs::Key& key) {
  const auto object = jobs::object_of(key);
  if (!object) return false;
  CAD_ASSIGN(const store::Rows rows,
             database.read(key.starts_with("uploads/")
                               ? "SELECT 1 FROM jobs WHERE id = $1 AND upload_gone = 0"
                                 " AND status <> 'FAILED'"
                               : "SELECT 1 FROM jobs WHERE id = $1",
                           {object->job_id}));
  return !rows.rows.empty();
}

// The objects come after the database: what it speaks of was there, or has been removed since.
Result<void> add_objects(ArchiveWriter& archive, StoredObjects& objects,
                         const std::vector<blobs::Key>& keys, store::Database& now,
                         Contents& contents) {
  for (const blobs::Key& key : keys) {
    const std::size_t missing = contents.missing;
    CAD_TRY(add_object(archive, objects, key, contents));
    if (contents.missing == missing) continue;
    CAD_ASSIGN(const bool lost, is_spoken_of(now, key));
    contents.lost += lost;
  }
  if (contents.objects > 0 || contents.lost == 0) return {};
  return fail(ErrorCode::integrity,
              "The store holds no object that the database speaks of: it is not the one that the "
              "service uses. Check --data, or CADLENS_S3_URL (bucket and prefix).");
}

Result<void> add_master_keys(ArchiveWriter& archive, const std::string& data) {
  CAD_ASSIGN(const auto source,
             secrets::KeySource::open(blobs::master_key_place(data), secrets::Missing::refuse));
  const Secret text = source->now()->to_text();
  return archive.add_text(EntryKind::master_keys, "", text.text());
}

// The file of a data directory, or the rows of a database that is elsewhere, and then the objects.
Result<void> add_data(ArchiveWriter& archive, const BackupOptions& options,
                      const std::string& snapshot, StoredObjects& objects, Contents& contents) {
  std::vector<blobs::Key> keys;
  const auto find_keys = [&](store::Session& session) -> Result<void> {
    CAD_ASSIGN(keys, keys_in(session));
    return {};
  };
  if (options.database != nullptr) {
    CAD_TRY(options.database->snapshot([&](store::Session& session) -> Result<void> {
      CAD_ASSIGN(contents.database_bytes,
                 add_tables(archive, session, options.database->dialect()));
      return find_keys(session);
    }));
    return add_objects(archive, objects, keys, *options.database, contents);
  }
  {
    // Opened before it is copied: that makes the copy what a server expects to find.
    CAD_ASSIGN(const auto database, store::open_sqlite(snapshot));
    CAD_TRY(database->snapshot(find_keys));
  }
  CAD_ASSIGN(const auto now, store::open_sqlite(options.data + "/cadlens.db"));
  CAD_TRY(add_objects(archive, objects, keys, *now, contents));
  return add_database(archive, snapshot, contents);
}

Result<Contents> fill(SealedWriter& sealed, const BackupOptions& options,
                      const std::string& snapshot) {
  Contents contents;
  contents.about = options.about;
  contents.master_key = options.with_master_key;
  ArchiveWriter archive(sealed);
  CAD_TRY(archive.add_text(EntryKind::about, "", options.about));
  const auto local = local_objects(options.data + "/blobs");
  CAD_TRY(
      add_data(archive, options, snapshot, options.objects ? *options.objects : *local, contents));
  if (options.with_master_key) CAD_TRY(add_master_keys(archive, options.data));
  CAD_TRY(archive.end());
  CAD_TRY(sealed.finish());
  return contents;
}

Result<Contents> write_backup(const BackupOptions& options, const Secret& key,
                              const std::string& snapshot) {
  TempPath part(options.file + "." + crypto::random_hex(8) + ".part");
  UniqueFd fd(::open(part.path().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return disk::fail_errno("making the backup file");
  const auto ring_key = secrets::make_ring_key(key.bytes().first<32>(), kBackupKeyLabel);
  CAD_ASSIGN(SealedWriter sealed, SealedWriter::create(std::move(fd), ring_key));
  CAD_ASSIGN(Contents contents, fill(sealed, options, snapshot));
  if (::rename(part.path().c_str(), options.file.c_str()) != 0)
    return disk::fail_errno("putting the backup in place");
  part.keep();
  CAD_TRY(disk::sync_dir(disk::parent_dir(options.file)));
  return contents;
}

}  // namespace

Result<Secret> backup_key_from_environment() {
  CAD_ASSIGN(auto text, secrets::secret_from_environment("CADLENS_BACKUP_KEY"));
  if (!text)
    return fail(ErrorCode::invalid_argument,
                "The backup key is missing: set CADLENS_BACKUP_KEY_FILE to a file with the 64 "
                "digits that `cadlens admin make-key` prints (or CADLENS_BACKUP_KEY to the digits "
                "themselves), and keep a copy of it apart from the backups.");
  CAD_ASSIGN(const auto ring,
             secrets::KeyRing::parse(*text, kBackupKeyLabel, "CADLENS_BACKUP_KEY"));
  return Secret(ring.current().bytes());
}

Result<Contents> make_backup(const BackupOptions& options, const Secret& key) {
  std::error_code error;
  if (options.database != nullptr) {
    if (!fs::is_directory(options.data, error)) return write_backup(options, key, "");
    CAD_ASSIGN(const auto lock, disk::FileLock::exclusive(options.data + "/maintenance.lock"));
    return write_backup(options, key, "");
  }
  if (!fs::exists(options.data + "/cadlens.db", error))
    return fail(ErrorCode::not_found,
                "There is no CADLens data directory at " + options.data + ".");
  // Against a rotation: it changes headers while we copy them.
  CAD_ASSIGN(const auto lock, disk::FileLock::exclusive(options.data + "/maintenance.lock"));
  remove_old_snapshots(options.data);
  const TempPath snapshot(options.data + "/" + std::string(kSnapshotStart) + crypto::random_hex(8) +
                          std::string(kSnapshotEnd));
  CAD_TRY(store::snapshot_sqlite(options.data + "/cadlens.db", snapshot.path()));
  return write_backup(options, key, snapshot.path());
}

}  // namespace cad::backup
