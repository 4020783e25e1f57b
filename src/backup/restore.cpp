// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "backup/archive.hpp"
#include "backup/backup.hpp"
#include "blobs/envelope.hpp"
#include "blobs/local_layout.hpp"
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
  bool writes() const { return !dir_.empty(); }
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

class Restorer {
 public:
  Restorer(ArchiveReader archive, Staging& staging) : archive_(archive), staging_(staging) {}

  Result<Contents> run() {
    while (true) {
      CAD_ASSIGN(const Entry entry, archive_.next());
      if (entry.kind == EntryKind::end) break;
      CAD_TRY(take(entry));
    }
    if (databases_ != 1)
      return fail(ErrorCode::integrity, "The backup does not hold one database.");
    if (staging_.writes()) CAD_TRY(mend_database());
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
    CAD_ASSIGN(contents_.database_bytes, copy_to(staging_.file("cadlens.db")));
    return {};
  }

  Result<void> take_object(const std::string& key) {
    CAD_ASSIGN(const std::string path, blobs::object_path(staging_.file("blobs"), key));
    if (staging_.writes()) CAD_TRY(disk::make_dirs(disk::parent_dir(path)));
    head_.clear();
    CAD_ASSIGN(const std::uint64_t size, copy_to(path));
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
    const auto place = blobs::master_key_place(staging_.file(""));
    CAD_ASSIGN(const auto ring,
               secrets::KeyRing::parse(secret, place.label, "The backup's master key"));
    contents_.master_key = true;
    if (!staging_.writes()) return {};
    return secrets::write_key_file(staging_.file("master.key"), ring);
  }

  Result<std::uint64_t> copy_to(const std::string& path) {
    UniqueFd fd;
    if (staging_.writes()) {
      fd.reset(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
      if (!fd) return disk::fail_errno("restoring a file");
    }
    std::uint64_t size = 0;
    CAD_TRY(archive_.content([&](std::span<const std::byte> bytes) -> Result<void> {
      size += bytes.size();
      if (head_.size() < blobs::kHeaderBytes) {
        const auto part = bytes.first(std::min(bytes.size(), blobs::kHeaderBytes - head_.size()));
        head_.insert(head_.end(), part.begin(), part.end());
      }
      return fd ? disk::write_all(fd.get(), bytes.data(), bytes.size()) : Result<void>();
    }));
    return size;
  }

  // What was removed between the copies of database and objects must not seem to be there.
  Result<void> mend_database() {
    CAD_ASSIGN(const auto database, store::open_sqlite(staging_.file("cadlens.db")));
    CAD_ASSIGN(const store::Rows checked, database->read("PRAGMA integrity_check", {}));
    if (checked.rows.size() != 1 || checked.rows.front().text(0) != "ok")
      return fail(ErrorCode::integrity, "The database in the backup is damaged.");
    store::JobRepository jobs(*database);
    for (const std::string& key : missing_) CAD_TRY(mend(jobs, key));
    return {};
  }

  static Result<void> mend(store::JobRepository& jobs, const std::string& key) {
    const auto slash = key.find('/');
    const bool upload = key.starts_with("uploads/");
    const std::string id = key.substr(slash + 1, key.find('/', slash + 1) - slash - 1);
    const auto job = jobs.find(id);
    if (!job) return {};
    if (upload && store::is_final(job->status)) return jobs.mark_upload_gone(id, job->updated_at);
    CAD_TRY(jobs.remove(id));  // deleted by its owner, or it cannot be parsed any more
    return {};
  }

  ArchiveReader archive_;
  Staging& staging_;
  Contents contents_;
  int databases_ = 0;
  std::vector<std::byte> head_;  // of the entry that is being copied
  std::vector<std::string> missing_;
};

}  // namespace

Result<Contents> restore_backup(const RestoreOptions& options, const Secret& key) {
  UniqueFd fd(::open(options.file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail(ErrorCode::not_found, "The backup " + options.file + " cannot be read.");
  const auto ring_key = secrets::make_ring_key(key.bytes().first<32>(), kBackupKeyLabel);
  CAD_ASSIGN(SealedReader sealed, SealedReader::open(std::move(fd), ring_key));
  Staging staging;
  if (!options.verify_only) CAD_TRY(staging.make(options.data));
  CAD_ASSIGN(Contents contents, Restorer(ArchiveReader(sealed), staging).run());
  if (!options.verify_only) CAD_TRY(staging.put_in_place());
  return contents;
}

}  // namespace cad::backup
