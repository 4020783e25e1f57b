// SPDX-License-Identifier: Apache-2.0
#include "worker/own_memory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <string_view>

namespace cad::worker {

OwnMemory::OwnMemory() : status_(::open("/proc/self/status", O_RDONLY | O_CLOEXEC)) {}

std::uint64_t OwnMemory::peak_bytes() const {
  char buffer[4096];
  const ssize_t size = status_ ? ::pread(status_.get(), buffer, sizeof buffer, 0) : -1;
  if (size <= 0) return 0;
  const std::string_view text(buffer, static_cast<std::size_t>(size));
  const std::size_t line = text.find("VmHWM:");
  if (line == std::string_view::npos) return 0;
  const std::size_t digits = text.find_first_of("0123456789", line);
  std::uint64_t kilobytes = 0;
  if (digits != std::string_view::npos) {
    std::from_chars(text.data() + digits, text.data() + text.size(), kilobytes);
  }
  return kilobytes * 1024;
}

}  // namespace cad::worker
