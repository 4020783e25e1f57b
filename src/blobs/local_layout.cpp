// SPDX-License-Identifier: Apache-2.0
#include "blobs/local_layout.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "disk/files.hpp"

namespace cad::blobs {
namespace {

constexpr std::string_view kSuffix = ".obj";

constexpr std::size_t kAtOnce = 1000;

class Walk {
 public:
  Walk(const std::string& objects, std::string_view prefix, const BlobStore::Take& take)
      : objects_(objects), prefix_(prefix), take_(take) {}

  // Depth is bounded by the length of a key.
  Result<void> below(const std::string& folder) {
    const std::string path = folder.empty() ? objects_ : objects_ + "/" + folder;
    std::error_code error;
    std::filesystem::directory_iterator at(path, error);
    if (error == std::errc::no_such_file_or_directory) return {};
    for (; !error && !done_ && at != std::filesystem::directory_iterator(); at.increment(error)) {
      const std::string name = at->path().filename().string();
      std::string key = folder.empty() ? name : folder + "/" + name;
      if (at->is_directory(error)) {
        const std::string inside = key + "/";
        if (inside.starts_with(prefix_) || prefix_.starts_with(inside)) CAD_TRY(below(key));
        continue;
      }
      error.clear();
      CAD_TRY(add(std::move(key), at->path().c_str()));
    }
    if (error) return fail(ErrorCode::io, "The storage failed while listing objects.");
    return {};
  }
  Result<void> hand_over() {
    if (found_.empty() || done_) return {};
    CAD_ASSIGN(const bool go_on, take_(found_));
    done_ = !go_on;
    found_.clear();
    return {};
  }

 private:
  Result<void> add(std::string key, const char* path) {
    if (!key.ends_with(kSuffix)) return {};
    key.resize(key.size() - kSuffix.size());
    if (!key.starts_with(prefix_) || !is_valid_key(key)) return {};
    struct stat status {};
    if (::lstat(path, &status) != 0) return {};  // gone meanwhile
    found_.push_back({std::move(key), std::int64_t{status.st_mtim.tv_sec} * 1000 +
                                          status.st_mtim.tv_nsec / 1'000'000});
    if (found_.size() == kAtOnce) return hand_over();
    return {};
  }

  const std::string& objects_;
  const std::string_view prefix_;
  const BlobStore::Take& take_;
  std::vector<Aged> found_;
  bool done_ = false;
};

}  // namespace

std::string objects_folder(const std::string& dir) { return dir + "/objects"; }
std::string temps_folder(const std::string& dir) { return dir + "/tmp"; }

Result<std::string> object_path(const std::string& dir, const Key& key) {
  if (!is_valid_key(key)) return fail(ErrorCode::invalid_argument, "Not a valid object key.");
  return objects_folder(dir) + "/" + key + std::string(kSuffix);
}

Result<void> walk_objects(const std::string& dir, std::string_view prefix,
                          const BlobStore::Take& take) {
  const std::size_t slash = prefix.rfind('/');
  const std::string folder(slash == std::string_view::npos ? "" : prefix.substr(0, slash));
  if (!folder.empty() && !is_valid_key(folder)) return {};
  const std::string objects = objects_folder(dir);
  Walk walk(objects, prefix, take);
  CAD_TRY(walk.below(folder));
  return walk.hand_over();
}

Result<UniqueFd> open_stored_form(const std::string& dir, const Key& key, bool writable) {
  CAD_ASSIGN(const std::string path, object_path(dir, key));
  const int access = writable ? O_RDWR : O_RDONLY;
  UniqueFd fd(::open(path.c_str(), access | O_CLOEXEC | O_NOFOLLOW));
  if (fd) return fd;
  if (errno == ENOENT || errno == ENOTDIR)
    return fail(ErrorCode::not_found, "There is no such object.");
  return disk::fail_errno("opening an object");
}

}  // namespace cad::blobs
