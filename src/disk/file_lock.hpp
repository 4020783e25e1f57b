// SPDX-License-Identifier: Apache-2.0
// A lock between processes: held until destruction, and never longer than the process lives.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace cad::disk {

class FileLock {
 public:
  // The file is made (mode 0600) when missing. CONFLICT, at once, when another holds it.
  static Result<FileLock> exclusive(const std::string& path);

 private:
  explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace cad::disk
