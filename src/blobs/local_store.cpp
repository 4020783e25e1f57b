// SPDX-License-Identifier: Apache-2.0
// A temporary file is locked by its writer while it lives; one that can be locked by another is a
// leftover.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>

#include "blobs/blob_store.hpp"
#include "blobs/envelope.hpp"
#include "blobs/local_layout.hpp"
#include "blobs/rewrap.hpp"
#include "blobs/sealer.hpp"
#include "blobs/unsealer.hpp"
#include "crypto/bytes.hpp"
#include "disk/files.hpp"

namespace cad::blobs {
namespace {

using disk::fail_errno;

struct TempFile {
  UniqueFd fd;
  std::string path;
};

Result<TempFile> make_temp_file(const std::string& dir) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    TempFile temp;
    temp.path = dir + "/" + crypto::random_hex(16);
    temp.fd.reset(::open(temp.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!temp.fd) return fail_errno("making an object");
    // A sweeper may see the file before it is locked, and take it: then try another name.
    struct stat status {};
    if (::flock(temp.fd.get(), LOCK_EX | LOCK_NB) == 0 && ::fstat(temp.fd.get(), &status) == 0 &&
        status.st_nlink == 1) {
      return temp;
    }
    ::unlink(temp.path.c_str());
  }
  return fail(ErrorCode::io, "The storage could not make a temporary file.");
}

// A file on its way into its place.
class NewObject {
 public:
  NewObject(TempFile temp, std::string path) : temp_(std::move(temp)), path_(std::move(path)) {}
  ~NewObject() {
    if (!temp_.path.empty()) ::unlink(temp_.path.c_str());
  }
  NewObject(const NewObject&) = delete;
  NewObject& operator=(const NewObject&) = delete;

  Result<void> write(std::span<const std::byte> bytes) {
    return disk::write_all(temp_.fd.get(), bytes.data(), bytes.size());
  }

  Result<void> commit() {
    if (::fsync(temp_.fd.get()) != 0) return fail_errno("making an object durable");
    CAD_TRY(move_into_place());
    temp_.path.clear();
    return disk::sync_dir(disk::parent_dir(path_));
  }

 private:
  // The folder may be removed by remove() of its last object between making and using it.
  Result<void> move_into_place() {
    for (int attempt = 0; attempt < 100; ++attempt) {
      if (::rename(temp_.path.c_str(), path_.c_str()) == 0) return {};
      if (errno != ENOENT) break;
      CAD_TRY(disk::make_dirs(disk::parent_dir(path_)));
    }
    return fail_errno("storing an object");
  }

  TempFile temp_;
  std::string path_;
};

class LocalWriter : public Writer {
 public:
  explicit LocalWriter(TempFile temp, std::string path)
      : object_(std::move(temp), std::move(path)) {}

  Result<void> start(const secrets::KeyRing& masters, const Key& key) {
    Header header;
    CAD_ASSIGN(sealer_, Sealer::create(masters, key, header));
    return object_.write(header);
  }
  Result<void> write(std::span<const std::byte> bytes) override {
    return sealer_->write(bytes, [this](auto sealed) { return object_.write(sealed); });
  }
  Result<void> commit() override {
    CAD_TRY(sealer_->finish([this](auto sealed) { return object_.write(sealed); }));
    return object_.commit();
  }
  std::uint64_t bytes() const override { return sealer_->bytes(); }

 private:
  NewObject object_;
  std::optional<Sealer> sealer_;
};

class StoredFormWriter : public Writer {
 public:
  StoredFormWriter(TempFile temp, std::string path) : object_(std::move(temp), std::move(path)) {}
  Result<void> write(std::span<const std::byte> bytes) override {
    if (done_) return fail(ErrorCode::invalid_argument, "The object is already finished.");
    bytes_ += bytes.size();
    return object_.write(bytes);
  }
  Result<void> commit() override {
    if (done_) return fail(ErrorCode::invalid_argument, "The object is already finished.");
    done_ = true;
    return object_.commit();
  }
  std::uint64_t bytes() const override { return bytes_; }

 private:
  NewObject object_;
  std::uint64_t bytes_ = 0;
  bool done_ = false;
};

class StoredFormReader : public Reader {
 public:
  StoredFormReader(UniqueFd fd, std::uint64_t size) : fd_(std::move(fd)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) override {
    if (offset >= size_) return std::size_t{0};
    return disk::read_at(fd_.get(), offset, into.data(),
                         std::min<std::uint64_t>(into.size(), size_ - offset));
  }

 private:
  UniqueFd fd_;
  std::uint64_t size_;
};

// The sealed bytes of a file, into a buffer of its own.
class SealedFile {
 public:
  explicit SealedFile(UniqueFd fd) : fd_(std::move(fd)) {}
  Result<std::span<const std::byte>> operator()(std::uint64_t offset, std::size_t length) {
    sealed_.resize(length);
    CAD_ASSIGN(const std::size_t got,
               disk::read_at(fd_.get(), offset, sealed_.data(), sealed_.size()));
    if (got != length) return fail(ErrorCode::integrity, "A stored object has been cut off.");
    return std::span<const std::byte>(sealed_);
  }

 private:
  UniqueFd fd_;
  std::vector<std::byte> sealed_;
};

class LocalReader : public Reader {
 public:
  LocalReader(SealedFile file, Unsealer unsealer)
      : file_(std::move(file)), unsealer_(std::move(unsealer)) {}
  std::uint64_t size() const override { return unsealer_.size(); }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) override {
    return unsealer_.read(offset, into, std::ref(file_));
  }

 private:
  SealedFile file_;
  Unsealer unsealer_;
};

class LocalStore : public ManagedStore {
 public:
  LocalStore(std::string dir, std::shared_ptr<secrets::KeySource> masters)
      : dir_(std::move(dir)), masters_(std::move(masters)) {}

  Result<void> start() {
    CAD_TRY(disk::make_dirs(objects_folder(dir_)));
    return disk::make_dirs(temps_folder(dir_));
  }

  // The file is there before the master key is chosen: so who removes an old master key sees that
  // a writer may still use it.
  Result<std::unique_ptr<Writer>> create(const Key& key) override {
    CAD_ASSIGN(std::string path, object_path(dir_, key));
    CAD_ASSIGN(TempFile temp, make_temp_file(temps_folder(dir_)));
    auto writer = std::make_unique<LocalWriter>(std::move(temp), std::move(path));
    CAD_TRY(writer->start(*masters_->now(), key));
    return writer;
  }

  Result<std::unique_ptr<Reader>> open(const Key& key) override {
    CAD_ASSIGN(UniqueFd fd, blobs::open_stored_form(dir_, key, false));
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) return fail_errno("opening an object");
    CAD_ASSIGN(const Extent extent,
               extent_of_file(static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0))));
    CAD_ASSIGN(ChunkCipher cipher, read_header(fd.get(), key));
    SealedFile file(std::move(fd));
    CAD_ASSIGN(Unsealer unsealer, Unsealer::open(extent, std::move(cipher), std::ref(file)));
    return std::make_unique<LocalReader>(std::move(file), std::move(unsealer));
  }

  Result<void> remove_all(std::span<const Key> keys) override {
    std::set<std::string> changed;
    for (const Key& key : keys) {
      CAD_ASSIGN(std::string folder, unlink_object(key));
      if (!folder.empty()) changed.insert(std::move(folder));
    }
    // So that nothing comes back after a power cut.
    for (const std::string& folder : changed) CAD_TRY(disk::sync_dir(folder));
    return {};
  }

  Result<void> walk(std::string_view prefix, const Take& take) override {
    return walk_objects(dir_, prefix, take);
  }

  Result<std::unique_ptr<Reader>> open_stored_form(const Key& key) override {
    CAD_ASSIGN(UniqueFd fd, blobs::open_stored_form(dir_, key, false));
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) return fail_errno("opening an object");
    return std::make_unique<StoredFormReader>(
        std::move(fd), static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0)));
  }

  Result<std::unique_ptr<Writer>> create_stored_form(const Key& key) override {
    CAD_ASSIGN(std::string path, object_path(dir_, key));
    CAD_ASSIGN(TempFile temp, make_temp_file(temps_folder(dir_)));
    return std::make_unique<StoredFormWriter>(std::move(temp), std::move(path));
  }

  // Half-written objects first: one that is committed meanwhile is then seen twice, never missed.
  Result<KeyUse> count_master_keys() override {
    CAD_ASSIGN(KeyUse use, count_half_written(dir_));
    CAD_ASSIGN(const auto objects, list_with_age(""));
    CAD_TRY(count_written(dir_, objects, use));
    return use;
  }
  Result<Rewrapped> rewrap_all(const secrets::KeyRing& masters,
                               const std::function<bool(std::size_t)>& go_on) override {
    CAD_ASSIGN(const auto objects, list_with_age(""));
    return rewrap_objects(dir_, objects, masters, go_on);
  }

  Result<std::size_t> sweep_leftovers() override {
    std::size_t removed = 0;
    std::error_code error;
    std::filesystem::directory_iterator at(temps_folder(dir_), error);
    if (error == std::errc::no_such_file_or_directory) return removed;
    for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
      const std::string path = at->path().string();
      UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
      if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) continue;
      if (::unlink(path.c_str()) == 0) ++removed;
    }
    if (error) return fail(ErrorCode::io, "The storage failed while sweeping leftovers.");
    return removed;
  }

 private:
  // The folder that has changed with it; empty: there was none.
  Result<std::string> unlink_object(const Key& key) {
    CAD_ASSIGN(const std::string path, object_path(dir_, key));
    if (::unlink(path.c_str()) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return std::string();
      return fail_errno("removing an object");
    }
    std::string folder = disk::parent_dir(path);
    // The first two levels stay: they are used again at once.
    const auto objects = static_cast<std::ptrdiff_t>(objects_folder(dir_).size());
    while (std::count(folder.begin() + objects, folder.end(), '/') > 2 &&
           ::rmdir(folder.c_str()) == 0)
      folder = disk::parent_dir(folder);
    return folder;
  }

  // A rotation may replace the header just now: then a second look finds it whole. The keys are
  // asked for after the header was read, so they know each key that it can name.
  Result<ChunkCipher> read_header(int fd, const Key& key) {
    Header header{}, before{};
    while (true) {
      CAD_ASSIGN(const std::size_t got, disk::read_at(fd, 0, header.data(), header.size()));
      if (got != header.size())
        return fail(ErrorCode::integrity, "A stored object has been cut off.");
      auto cipher = ChunkCipher::open(*masters_->now(), key, header);
      if (cipher || header == before) return cipher;
      before = header;
    }
  }

  std::string dir_;
  std::shared_ptr<secrets::KeySource> masters_;
};

}  // namespace

Result<std::unique_ptr<ManagedStore>> open_local_store(
    const std::string& dir, std::shared_ptr<secrets::KeySource> masters) {
  auto store = std::make_unique<LocalStore>(dir, std::move(masters));
  CAD_TRY(store->start());
  return store;
}

}  // namespace cad::blobs
