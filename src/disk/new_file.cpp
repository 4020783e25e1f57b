// SPDX-License-Identifier: Apache-2.0
#include "disk/new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "crypto/bytes.hpp"
#include "disk/files.hpp"

namespace cad::disk {

Result<NewFile> NewFile::write(const std::string& path, std::string_view text, Mode mode) {
  std::string beside = path + "." + crypto::random_hex(8);
  const UniqueFd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return fail_errno("making a file");
  NewFile made(path, std::move(beside));
  struct stat old {};
  if (::stat(path.c_str(), &old) == 0) {
    const mode_t kept = mode == Mode::as_before ? old.st_mode & 0770 : 0600;
    if (::fchown(fd.get(), old.st_uid, old.st_gid) != 0 || ::fchmod(fd.get(), kept) != 0)
      return fail_errno("giving a file its owner");
  }
  CAD_TRY(write_all(fd.get(), text.data(), text.size()));
  if (::fsync(fd.get()) != 0) return fail_errno("writing a file");
  return made;
}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)), beside_(std::exchange(other.beside_, {})) {}

NewFile::~NewFile() {
  if (!beside_.empty()) ::unlink(beside_.c_str());
}

Result<void> NewFile::replace() {
  if (::rename(beside_.c_str(), path_.c_str()) != 0) return fail_errno("replacing a file");
  beside_.clear();
  return sync_dir(parent_dir(path_));
}

// link() never replaces.
Result<void> NewFile::put_if_absent() {
  if (::link(beside_.c_str(), path_.c_str()) != 0 && errno != EEXIST)
    return fail_errno("making a file");
  return sync_dir(parent_dir(path_));
}

}  // namespace cad::disk
