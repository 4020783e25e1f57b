// SPDX-License-Identifier: Apache-2.0
#include "backup/stored_objects.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "blobs/local_layout.hpp"
#include "disk/files.hpp"

namespace cad::backup {
namespace {

class LocalWriter : public ObjectWriter {
 public:
  LocalWriter(UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  ~LocalWriter() override {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Result<void> write(std::span<const std::byte> bytes) override {
    return disk::write_all(fd_.get(), bytes.data(), bytes.size());
  }
  Result<void> commit() override {
    path_.clear();
    return {};
  }

 private:
  UniqueFd fd_;
  std::string path_;
};

class LocalObjects : public StoredObjects {
 public:
  explicit LocalObjects(std::string dir) : dir_(std::move(dir)) {}

  Result<Source> read(const blobs::Key& key) override {
    CAD_ASSIGN(auto file, blobs::open_stored_form(dir_, key, false));
    const auto shared = std::make_shared<UniqueFd>(std::move(file));
    return Source([shared](std::span<std::byte> into) -> Result<std::size_t> {
      while (true) {
        const ssize_t got = ::read(shared->get(), into.data(), into.size());
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) return disk::fail_errno("reading what is backed up");
      }
    });
  }

  Result<std::unique_ptr<ObjectWriter>> write(const blobs::Key& key) override {
    CAD_ASSIGN(const std::string path, blobs::object_path(dir_, key));
    CAD_TRY(disk::make_dirs(disk::parent_dir(path)));
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd) return disk::fail_errno("restoring a file");
    return std::make_unique<LocalWriter>(std::move(fd), path);
  }

 private:
  std::string dir_;
};

}  // namespace

std::unique_ptr<StoredObjects> local_objects(const std::string& dir) {
  return std::make_unique<LocalObjects>(dir);
}

}  // namespace cad::backup
