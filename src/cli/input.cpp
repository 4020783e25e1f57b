// SPDX-License-Identifier: Apache-2.0
#include "cli/input.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/unique_fd.hpp"

namespace cad::cli {
namespace {

tl::unexpected<Error> io_error(const std::string& path) {
  return fail(ErrorCode::io, path + ": " + std::strerror(errno));
}

tl::unexpected<Error> too_large(const std::string& path, std::uint64_t max_bytes) {
  return fail(ErrorCode::limit_exceeded,
              path + ": larger than " + std::to_string(max_bytes >> 20) + " MB.");
}

Result<std::vector<std::byte>> read_all(int fd, const std::string& path, std::uint64_t max_bytes) {
  std::vector<std::byte> bytes;
  std::size_t used = 0;
  for (;;) {
    if (used == bytes.size()) bytes.resize(std::max<std::size_t>(1u << 16, used * 2));
    const ssize_t n = ::read(fd, bytes.data() + used, bytes.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error(path);
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
    if (used > max_bytes) return too_large(path, max_bytes);
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace

Input::Input(Input&& other) noexcept
    : bytes_(std::exchange(other.bytes_, {})),
      storage_(std::move(other.storage_)),
      mapped_(std::exchange(other.mapped_, nullptr)),
      name_(std::move(other.name_)) {}

Input::~Input() {
  if (mapped_ != nullptr) ::munmap(mapped_, bytes_.size());
}

Result<Input> Input::open(const std::string& path, std::uint64_t max_bytes) {
  Input input;
  const bool from_stdin = path == "-";
  input.name_ = from_stdin ? "stdin" : path.substr(path.find_last_of('/') + 1);
  UniqueFd file(from_stdin ? -1 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!from_stdin && !file) return io_error(path);
  const int fd = from_stdin ? STDIN_FILENO : file.get();
  struct stat status {};
  if (::fstat(fd, &status) != 0) return io_error(path);
  if (S_ISDIR(status.st_mode)) return fail(ErrorCode::io, path + ": is a folder, not a drawing.");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (S_ISREG(status.st_mode) && !from_stdin && size != 0) {
    if (size > max_bytes) return too_large(path, max_bytes);
    void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapped == MAP_FAILED) return io_error(path);
    ::madvise(mapped, size, MADV_SEQUENTIAL);
    input.mapped_ = mapped;
    input.bytes_ = {static_cast<const std::byte*>(mapped), size};
    return input;
  }
  CAD_ASSIGN(input.storage_, read_all(fd, path, max_bytes));
  input.bytes_ = input.storage_;
  return input;
}

}  // namespace cad::cli
