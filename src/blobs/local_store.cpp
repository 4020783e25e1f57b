// SPDX-License-Identifier: Apache-2.0
// dir/objects/<key>.obj and dir/tmp/<random>: no key holds a dot, so "a" and "a/b" can both be
// objects. A temporary file is locked by its writer while it lives; one that can be locked by
// another is a leftover.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "blobs/blob_store.hpp"
#include "blobs/envelope.hpp"
#include "blobs/files.hpp"
#include "crypto/bytes.hpp"

namespace cad::blobs {
namespace {

constexpr std::string_view kSuffix = ".obj";
constexpr std::size_t kMaxKeyBytes = 200;

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

class LocalWriter : public Writer {
 public:
  LocalWriter(TempFile temp, std::string path, ChunkCipher cipher)
      : temp_(std::move(temp)), path_(std::move(path)), cipher_(std::move(cipher)) {
    plain_.reserve(kChunkBytes);
    sealed_.resize(kSealedChunkBytes);
  }
  ~LocalWriter() override {
    if (!temp_.path.empty()) ::unlink(temp_.path.c_str());
  }

  Result<void> start(const Header& header) {
    return write_all(temp_.fd.get(), header.data(), header.size());
  }

  Result<void> write(std::span<const std::byte> bytes) override {
    if (done_) return fail(ErrorCode::invalid_argument, "The object is already finished.");
    while (!bytes.empty()) {
      // A full chunk waits for a further byte: only then is it known not to be the last.
      if (plain_.size() == kChunkBytes) CAD_TRY(flush(false));
      const auto part = bytes.first(std::min(bytes.size(), kChunkBytes - plain_.size()));
      plain_.insert(plain_.end(), part.begin(), part.end());
      bytes = bytes.subspan(part.size());
      bytes_ += part.size();
    }
    return {};
  }

  Result<void> commit() override {
    if (done_) return fail(ErrorCode::invalid_argument, "The object is already finished.");
    CAD_TRY(flush(true));
    done_ = true;
    if (::fsync(temp_.fd.get()) != 0) return fail_errno("making an object durable");
    CAD_TRY(move_into_place());
    temp_.path.clear();
    return sync_dir(parent_dir(path_));
  }

  std::uint64_t bytes() const override { return bytes_; }

 private:
  Result<void> flush(bool last) {
    const auto sealed = std::span(sealed_).first(plain_.size() + crypto::kTagBytes);
    // A failed chunk must not be sealed again with other bytes under the same nonce.
    const std::uint64_t number = next_chunk_++;
    CAD_TRY(cipher_.seal_chunk(number, last, plain_, sealed));
    plain_.clear();
    return write_all(temp_.fd.get(), sealed.data(), sealed.size());
  }

  // The folder may be removed by remove() of its last object between making and using it.
  Result<void> move_into_place() {
    for (int attempt = 0; attempt < 100; ++attempt) {
      if (::rename(temp_.path.c_str(), path_.c_str()) == 0) return {};
      if (errno != ENOENT) break;
      CAD_TRY(make_dirs(parent_dir(path_)));
    }
    return fail_errno("storing an object");
  }

  TempFile temp_;
  std::string path_;
  ChunkCipher cipher_;
  std::vector<std::byte> plain_, sealed_;
  std::uint64_t next_chunk_ = 0, bytes_ = 0;
  bool done_ = false;
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
    CAD_ASSIGN(const std::size_t got, read_at(fd_.get(), kHeaderBytes + number * kSealedChunkBytes,
                                              sealed_.data(), sealed_.size()));
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

class LocalStore : public BlobStore {
 public:
  LocalStore(const std::string& dir, const MasterKey& master)
      : objects_(dir + "/objects"), temps_(dir + "/tmp"), master_(master) {}
  ~LocalStore() override { crypto::wipe(std::as_writable_bytes(std::span(master_.bytes))); }

  Result<void> start() {
    CAD_TRY(make_dirs(objects_));
    return make_dirs(temps_);
  }

  Result<std::unique_ptr<Writer>> create(const Key& key) override {
    CAD_ASSIGN(std::string path, path_of(key));
    Header header;
    CAD_ASSIGN(ChunkCipher cipher, ChunkCipher::create(master_, key, header));
    CAD_ASSIGN(TempFile temp, make_temp_file(temps_));
    auto writer =
        std::make_unique<LocalWriter>(std::move(temp), std::move(path), std::move(cipher));
    CAD_TRY(writer->start(header));
    return writer;
  }

  Result<std::unique_ptr<Reader>> open(const Key& key) override {
    CAD_ASSIGN(const std::string path, path_of(key));
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd && (errno == ENOENT || errno == ENOTDIR)) {
      return fail(ErrorCode::not_found, "There is no such object.");
    }
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0) return fail_errno("opening an object");
    CAD_ASSIGN(const Extent extent,
               extent_of_file(static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0))));
    Header header;
    CAD_ASSIGN(const std::size_t got, read_at(fd.get(), 0, header.data(), header.size()));
    if (got != header.size())
      return fail(ErrorCode::integrity, "A stored object has been cut off.");
    CAD_ASSIGN(ChunkCipher cipher, ChunkCipher::open(master_, key, header));
    auto reader = std::make_unique<LocalReader>(std::move(fd), extent, std::move(cipher));
    CAD_TRY(reader->load(extent.chunks - 1));
    return reader;
  }

  Result<bool> remove(const Key& key) override {
    CAD_ASSIGN(const std::string path, path_of(key));
    if (::unlink(path.c_str()) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return false;
      return fail_errno("removing an object");
    }
    std::string dir = parent_dir(path);
    while (dir.size() > objects_.size() && ::rmdir(dir.c_str()) == 0) dir = parent_dir(dir);
    CAD_TRY(sync_dir(dir));  // so that nothing comes back after a power cut
    return true;
  }

  Result<std::vector<Key>> list(std::string_view prefix) override {
    std::vector<Key> keys;
    const std::size_t slash = prefix.rfind('/');
    const std::string folder(slash == std::string_view::npos ? "" : prefix.substr(0, slash));
    if (!folder.empty() && !is_valid_key(folder)) return keys;
    CAD_TRY(walk(folder, prefix, keys));
    std::ranges::sort(keys);
    return keys;
  }

 private:
  Result<std::string> path_of(const Key& key) const {
    if (!is_valid_key(key)) return fail(ErrorCode::invalid_argument, "Not a valid object key.");
    return objects_ + "/" + key + std::string(kSuffix);
  }

  // Depth is bounded by the length of a key. What vanishes meanwhile is passed over.
  Result<void> walk(const std::string& folder, std::string_view prefix, std::vector<Key>& keys) {
    const std::string path = folder.empty() ? objects_ : objects_ + "/" + folder;
    std::error_code error;
    std::filesystem::directory_iterator at(path, error);
    if (error == std::errc::no_such_file_or_directory) return {};
    for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
      std::string key = folder.empty() ? at->path().filename().string()
                                       : folder + "/" + at->path().filename().string();
      if (at->is_directory(error)) {
        const std::string below = key + "/";
        if (below.starts_with(prefix) || prefix.starts_with(below))
          CAD_TRY(walk(key, prefix, keys));
        continue;
      }
      error.clear();
      if (!key.ends_with(kSuffix)) continue;
      key.resize(key.size() - kSuffix.size());
      if (key.starts_with(prefix) && is_valid_key(key)) keys.push_back(std::move(key));
    }
    if (error) return fail(ErrorCode::io, "The storage failed while listing objects.");
    return {};
  }

  std::string objects_, temps_;
  MasterKey master_;
};

}  // namespace

bool is_valid_key(std::string_view key) {
  if (key.empty() || key.size() > kMaxKeyBytes) return false;
  if (key.front() == '/' || key.back() == '/' || key.find("//") != std::string_view::npos) {
    return false;
  }
  return std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/';
  });
}

Result<std::unique_ptr<BlobStore>> open_local_store(const std::string& dir,
                                                    const MasterKey& master) {
  auto store = std::make_unique<LocalStore>(dir, master);
  CAD_TRY(store->start());
  return store;
}

Result<std::size_t> sweep_leftovers(const std::string& dir) {
  std::size_t removed = 0;
  std::error_code error;
  std::filesystem::directory_iterator at(dir + "/tmp", error);
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
