// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

namespace cad::dwg {

// What all sections of a file together may still unpack to (Limits::max_decompressed_bytes).
class Budget {
 public:
  explicit Budget(std::size_t bytes) : left_(bytes) {}
  std::size_t left() const { return left_; }
  void spend(std::size_t bytes) { left_ -= std::min(bytes, left_); }

 private:
  std::size_t left_;
};

}  // namespace cad::dwg
