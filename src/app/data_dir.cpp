// SPDX-License-Identifier: Apache-2.0
#include "app/data_dir.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

namespace cad::app {

Result<DataDir> DataDir::open(const std::string& path, Use use) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error)
    return fail(ErrorCode::io,
                "The data directory " + path + " cannot be made: " + error.message() + ".");
  // Nobody else's eyes: it holds the keys to everything.
  if (::chmod(path.c_str(), 0700) != 0)
    return fail(ErrorCode::io, "The data directory " + path + " is not ours to protect.");
  const std::string file = path + "/lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return fail(ErrorCode::io, "The file " + file + " cannot be made.");
  if (::flock(lock, (use == Use::alone ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
    ::close(lock);
    return fail(ErrorCode::conflict, "Another server is using the data directory " + path + ".");
  }
  return DataDir(path, lock);
}

DataDir::DataDir(DataDir&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataDir::~DataDir() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace cad::app
