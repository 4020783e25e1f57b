// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/unique_fd.hpp"

namespace cad::worker {

// The process's own peak of resident memory, readable from behind the walls.
class OwnMemory {
 public:
  OwnMemory();
  std::uint64_t peak_bytes() const;  // 0: unknown

 private:
  UniqueFd status_;
};

}  // namespace cad::worker
