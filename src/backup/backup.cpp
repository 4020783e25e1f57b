// SPDX-License-Identifier: Apache-2.0
#include "backup/backup.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "backup/archive.hpp"
#include "blobs/envelope.hpp"
#include "blobs/local_layout.hpp"
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

Result<void> add_object(ArchiveWriter& archive, const std::string& store, const blobs::Key& key,
                        Contents& contents) {
  auto file = blobs::open_stored_form(store, key, false);
  if (!file && file.error().code == ErrorCode::not_found) {
    ++contents.missing;
    return archive.add_text(EntryKind::missing, key, "");
  }
  if (!file) return tl::unexpected(std::move(file.error()));
  blobs::Header header{};
  CAD_ASSIGN(const std::size_t got, disk::read_at(file->get(), 0, header.data(), header.size()));
  if (got == header.size())
    contents.master_ids.insert(secrets::id_text(blobs::master_id_of(header)));
  ++contents.objects;
  const Source all = source_of(file->get());
  const Source counted = [&](std::span<std::byte> into) -> Result<std::size_t> {
    CAD_ASSIGN(const std::size_t count, all(into));
    contents.object_bytes += count;
    return count;
  };
  return archive.add(EntryKind::object, key, counted, false);
}

// What the database speaks of: the uploads that are still wanted, and the parts of results.
Result<void> add_objects(ArchiveWriter& archive, store::Database& database,
                         const std::string& store, Contents& contents) {
  constexpr std::int64_t kBatch = 500;
  store::JobRepository jobs(database);
  std::string last;
  while (true) {
    CAD_ASSIGN(const auto ids, jobs.ids_after(last, kBatch));
    for (const std::string& id : ids) {
      CAD_ASSIGN(const store::Job job, jobs.find(id));
      if (!job.upload_gone) CAD_TRY(add_object(archive, store, jobs::upload_key(id), contents));
      if (!job.result_attempt) continue;
      CAD_ASSIGN(const auto parts, jobs.parts(id));
      for (const store::Part& part : parts)
        CAD_TRY(add_object(archive, store,
                           jobs::part_key(id, *job.result_attempt, part.kind, part.number),
                           contents));
    }
    if (static_cast<std::int64_t>(ids.size()) < kBatch) return {};
    last = ids.back();
  }
}

Result<void> add_master_keys(ArchiveWriter& archive, const std::string& data) {
  CAD_ASSIGN(const auto source,
             secrets::KeySource::open(blobs::master_key_place(data), secrets::Missing::refuse));
  const Secret text = source->now()->to_text();
  return archive.add_text(EntryKind::master_keys, "", text.text());
}

Result<Contents> fill(SealedWriter& sealed, const BackupOptions& options,
                      const std::string& snapshot) {
  Contents contents;
  contents.about = options.about;
  contents.master_key = options.with_master_key;
  ArchiveWriter archive(sealed);
  CAD_TRY(archive.add_text(EntryKind::about, "", options.about));
  // Opened before it is copied: that makes the copy what a server expects to find.
  CAD_ASSIGN(auto database, store::open_sqlite(snapshot));
  CAD_TRY(add_objects(archive, *database, options.data + "/blobs", contents));
  database.reset();
  CAD_TRY(add_database(archive, snapshot, contents));
  if (options.with_master_key) CAD_TRY(add_master_keys(archive, options.data));
  CAD_TRY(archive.end());
  CAD_TRY(sealed.finish());
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
  if (!fs::exists(options.data + "/cadlens.db", error))
    return fail(ErrorCode::not_found,
                "There is no CADLens data directory at " + options.data + ".");
  // Against a rotation: it changes headers while we copy them.
  CAD_ASSIGN(const auto lock, disk::FileLock::exclusive(options.data + "/maintenance.lock"));
  remove_old_snapshots(options.data);
  const TempPath snapshot(options.data + "/" + std::string(kSnapshotStart) + crypto::random_hex(8) +
                          std::string(kSnapshotEnd));
  CAD_TRY(store::snapshot_sqlite(options.data + "/cadlens.db", snapshot.path()));

  TempPath part(options.file + "." + crypto::random_hex(8) + ".part");
  UniqueFd fd(::open(part.path().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return disk::fail_errno("making the backup file");
  const auto ring_key = secrets::make_ring_key(key.bytes().first<32>(), kBackupKeyLabel);
  CAD_ASSIGN(SealedWriter sealed, SealedWriter::create(std::move(fd), ring_key));
  CAD_ASSIGN(Contents contents, fill(sealed, options, snapshot.path()));
  if (::rename(part.path().c_str(), options.file.c_str()) != 0)
    return disk::fail_errno("putting the backup in place");
  part.keep();
  CAD_TRY(disk::sync_dir(disk::parent_dir(options.file)));
  return contents;
}

}  // namespace cad::backup
