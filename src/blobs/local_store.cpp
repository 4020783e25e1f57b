// SPDX-License-Identifier: Apache-2.0
// A temporary file is locked by its writer while it lives; one that can be locked by another is a
// leftover.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "blobs/blob_store.hpp"
#include "blobs/envelope.hpp"
#include "blobs/local_layout.hpp"
#include "blobs/rewrap.hpp"
#include "blobs/sealer.hpp"
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

class LocalReader : public Reader {
 public:
  LocalReader(UniqueFd fd, Extent extent, ChunkCipher cipher)
      : fd_(std::move(fd)), extent_(extent), cipher_(std::move(cipher)) {}

  std::uint64_t size() const override { return extent_.plain_bytes; }

  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) override {
    std::size_t done = 0;
    while (done < into.size() && offset + done < extent_.plain_bytes) {
      const std::uint64_t at = offset + done;
      CAD_TRY(load(at / kChunkBytes));
      const auto chunk = std::span<const std::byte>(plain_).subspan(at % kChunkBytes);
      const std::size_t part = std::min(chunk.size(), into.size() - done);
      std::copy_n(chunk.begin(), part, into.begin() + static_cast<std::ptrdiff_t>(done));
      done += part;
    }
    return done;
  }

  // Makes `number` the present chunk. The last one proves the object's length.
  Result<void> load(std::uint64_t number) {
    if (present_ == number) return {};
    const bool last = number + 1 == extent_.chunks;
    const std::size_t plain_size =
        last ? static_cast<std::size_t>(extent_.plain_bytes - number * kChunkBytes) : kChunkBytes;
    sealed_.resize(plain_size + crypto::kTagBytes);
    plain_.resize(plain_size);
    present_ = kNone;
    CAD_ASSIGN(const std::size_t got,
               disk::read_at(fd_.get(), kHeaderBytes + number * kSealedChunkBytes, sealed_.data(),
                             sealed_.size()));
    if (got != sealed_.size())
      return fail(ErrorCode::integrity, "A stored object has been cut off.");
    CAD_TRY(cipher_.open_chunk(number, last, sealed_, plain_));
    present_ = number;
    return {};
  }

 private:
  static constexpr std::uint64_t kNone = ~0ull;
  UniqueFd fd_;
  Extent extent_;
  ChunkCipher cipher_;
  std::vector<std::byte> sealed_, plain_;
  std::uint64_t present_ = kNone;
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
    auto reader = std::make_unique<LocalReader>(std::move(fd), extent, std::move(cipher));
    CAD_TRY(reader->load(extent.chunks - 1));
    return reader;
  }

  Result<bool> remove(const Key& key) override {
    CAD_ASSIGN(const std::string path, object_path(dir_, key));
    if (::unlink(path.c_str()) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return false;
      return fail_errno("removing an object");
    }
    std::string dir = disk::parent_dir(path);
    // The first folders stay: they are used again at once.
    while (dir.find('/', objects_folder(dir_).size() + 1) != dir.npos && ::rmdir(dir.c_str()) == 0)
      dir = disk::parent_dir(dir);
    CAD_TRY(disk::sync_dir(dir));  // so that nothing comes back after a power cut
    return true;
  }

  Result<std::vector<Aged>> list_with_age(std::string_view prefix) override {
    return list_objects(dir_, prefix);
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

  Result<KeyUse> count_master_keys() override { return blobs::count_master_keys(dir_); }
  Result<Rewrapped> rewrap_all(const secrets::KeyRing& masters,
                               const std::function<bool(std::size_t)>& go_on) override {
    return rewrap_local_store(dir_, masters, go_on);
  }
  Result<std::size_t> sweep_leftovers() override { return blobs::sweep_leftovers(dir_); }

 private:
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

Result<std::size_t> sweep_leftovers(const std::string& dir) {
  std::size_t removed = 0;
  std::error_code error;
  std::filesystem::directory_iterator at(temps_folder(dir), error);
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

}  // namespace cad::blobs
