// SPDX-License-Identifier: Apache-2.0
#include "blobs/local_layout.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "disk/files.hpp"

namespace cad::blobs {
namespace {

constexpr std::string_view kSuffix = ".obj";
constexpr std::size_t kMaxKeyBytes = 200;

// Depth is bounded by the length of a key.
Result<void> walk(const std::string& objects, const std::string& folder, std::string_view prefix,
                  std::vector<Key>& keys) {
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
        CAD_TRY(walk(objects, key, prefix, keys));
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

}  // namespace

std::string objects_folder(const std::string& dir) { return dir + "/objects"; }
std::string temps_folder(const std::string& dir) { return dir + "/tmp"; }

bool is_valid_key(std::string_view key) {
  if (key.empty() || key.size() > kMaxKeyBytes) return false;
  if (key.front() == '/' || key.back() == '/' || key.find("//") != std::string_view::npos) {
    return false;
  }
  return std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/';
  });
}

Result<std::string> object_path(const std::string& dir, const Key& key) {
  if (!is_valid_key(key)) return fail(ErrorCode::invalid_argument, "Not a valid object key.");
  return objects_folder(dir) + "/" + key + std::string(kSuffix);
}

Result<std::vector<Key>> list_objects(const std::string& dir, std::string_view prefix) {
  std::vector<Key> keys;
  const std::size_t slash = prefix.rfind('/');
  const std::string folder(slash == std::string_view::npos ? "" : prefix.substr(0, slash));
  if (!folder.empty() && !is_valid_key(folder)) return keys;
  CAD_TRY(walk(objects_folder(dir), folder, prefix, keys));
  std::ranges::sort(keys);
  return keys;
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
