// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace cad::cli {
namespace {

tl::unexpected<Error> io_error(const std::string& path) {
  return fail(ErrorCode::io, path + ": " + std::strerror(errno));
}

}  // namespace

Result<Output> Output::open(const std::string& path) {
  Output output;
  if (path.empty() || path == "-") return output;
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return fail(ErrorCode::io, path + ": is a folder.");
  output.path_ = path;
  if (exists && !S_ISREG(status.st_mode)) {  // /dev/null, a named pipe: nothing to replace
    output.file_.reset(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!output.file_) return io_error(path);
    return output;
  }
  const std::size_t folder = path.find_last_of('/') + 1;
  output.temporary_ = path.substr(0, folder) + "." + path.substr(folder) + "." +
                      std::to_string(::getpid()) + ".tmp";
  output.file_.reset(
      ::open(output.temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!output.file_) {
    output.temporary_.clear();
    return io_error(path);
  }
  return output;
}

Output::Output(Output&& other) noexcept
    : file_(std::move(other.file_)),
      path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})) {}

Output::~Output() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<void> Output::write(std::span<const std::byte> bytes) {
  const int fd = file_ ? file_.get() : STDOUT_FILENO;
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error(path_.empty() ? "stdout" : path_);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> Output::commit() {
  if (temporary_.empty()) return {};
  const int fd = file_.release();
  if (::close(fd) != 0) return io_error(path_);
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) return io_error(path_);
  temporary_.clear();
  return {};
}

}  // namespace cad::cli
