// SPDX-License-Identifier: Apache-2.0
#include "disk/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace cad::disk {

tl::unexpected<Error> fail_errno(std::string_view doing) {
  const int error = errno;
  std::string message = "The storage failed while " + std::string(doing) + ": ";
  if (error == ENOSPC || error == EDQUOT) {
    message += "it is full.";
  } else {
    message += std::generic_category().message(error) + '.';
  }
  return fail(ErrorCode::io, std::move(message));
}

Result<void> write_all(int fd, const void* data, std::size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t done = ::write(fd, at, size);
    if (done < 0) {
      if (errno == EINTR) continue;
      return fail_errno("writing an object");
    }
    at += done;
    size -= static_cast<std::size_t>(done);
  }
  return {};
}

Result<std::size_t> read_at(int fd, std::uint64_t offset, void* data, std::size_t size) {
  char* at = static_cast<char*>(data);
  std::size_t got = 0;
  while (got < size) {
    const ssize_t done = ::pread(fd, at + got, size - got, static_cast<off_t>(offset + got));
    if (done < 0) {
      if (errno == EINTR) continue;
      return fail_errno("reading an object");
    }
    if (done == 0) break;
    got += static_cast<std::size_t>(done);
  }
  return got;
}

std::string parent_dir(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> sync_dir(const std::string& dir) {
  UniqueFd fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd && errno == ENOENT) return {};
  if (!fd || ::fsync(fd.get()) != 0) return fail_errno("making a folder durable");
  return {};
}

Result<void> make_dirs(const std::string& dir) {
  const std::string parent = parent_dir(dir);
  // A parent that was just made may be removed by remove() of its last object: make it again.
  for (int attempt = 0; attempt < 100; ++attempt) {
    if (::mkdir(dir.c_str(), 0700) == 0) return sync_dir(parent);
    if (errno == EEXIST) return {};
    if (errno != ENOENT || parent == dir) break;
    CAD_TRY(make_dirs(parent));
  }
  return fail_errno("making a folder");
}

}  // namespace cad::disk
