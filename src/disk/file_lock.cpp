// SPDX-License-Identifier: Apache-2.0
#include "disk/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include "disk/files.hpp"

namespace cad::disk {

Result<FileLock> FileLock::exclusive(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return fail_errno("making a lock file");
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorCode::conflict,
                "A backup or a rotation of keys is at work; try again when it has ended.");
  return FileLock(std::move(fd));
}

}  // namespace cad::disk
