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

// Depth is bounded by the length of a key.
Result<void> walk(const std::string& objects, const std::string& folder, std::string_view prefix,
                  std::vector<Aged>& found) {
  const std::string path = folder.empty() ? objects : objects + "/" + folder;
  std::error_code error;
  std::filesystem::directory_iterator at(path, error);
  if (error == std::errc::no_such_file_or_directory) return {};
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    std::string key = folder.empty() ? at->path().filename().string()
                                     : folder + "/" + at->path().filename().string();
    if (at->is_directory(error)) {
      const std::string below = key + "/";
      if (below.starts_with(prefix) || prefix.starts_with(below))
        CAD_TRY(walk(objects, key, prefix, found));
      continue;
    }
    error.clear();
    if (!key.ends_with(kSuffix)) continue;
    key.resize(key.size() - kSuffix.size());
    if (!key.starts_with(prefix) || !is_valid_key(key)) continue;
    struct stat status {};
    if (::lstat(at->path().c_str(), &status) != 0) continue;  // gone meanwhile
    found.push_back({std::move(key), std::int64_t{status.st_mtim.tv_sec} * 1000 +
                                         status.st_mtim.tv_nsec / 1'000'000});
  }
  if (error) return fail(ErrorCode::io, "The storage failed while listing objects.");
  return {};
}

}  // namespace

std::string objects_folder(const std::string& dir) { return dir + "/objects"; }
std::string temps_folder(const std::string& dir) { return dir + "/tmp"; }

Result<std::string> object_path(const std::string& dir, const Key& key) {
  if (!is_valid_key(key)) return fail(ErrorCode::invalid_argument, "Not a valid object key.");
  return objects_folder(dir) + "/" + key + std::string(kSuffix);
}

Result<std::vector<Aged>> list_objects(const std::string& dir, std::string_view prefix) {
  std::vector<Aged> found;
  const std::size_t slash = prefix.rfind('/');
  const std::string folder(slash == std::string_view::npos ? "" : prefix.substr(0, slash));
  if (!folder.empty() && !is_valid_key(folder)) return found;
  CAD_TRY(walk(objects_folder(dir), folder, prefix, found));
  std::ranges::sort(found, {}, &Aged::key);
  return found;
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
