// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace cad::cli {

// Bytes to stdout, or to a file that appears under its name only when it is complete: until then
// they lie in a temporary file beside it, which is removed when commit() is never reached.
class Output {
 public:
  static Result<Output> open(const std::string& path);  // "" or "-": stdout
  Output(Output&&) noexcept;
  Output& operator=(Output&&) = delete;
  ~Output();

  Result<void> write(std::span<const std::byte> bytes);
  Result<void> commit();

 private:
  Output() = default;
  UniqueFd file_;
  std::string path_, temporary_;  // empty: stdout, or committed
};

}  // namespace cad::cli
