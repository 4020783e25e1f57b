// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

namespace cad::dwg {

// What a file of that size may unpack to. Real drawings unpack to ten times their size at most; the
// methods themselves can do 255 times, again and again with a page that is listed often.
inline std::size_t most_unpacked(std::size_t file_bytes, std::size_t most) {
  constexpr std::size_t kAlways = 16u << 20, kRatio = 64;
  if (file_bytes > most / kRatio) return most;
  return std::min(most, kAlways + file_bytes * kRatio);
}

// What all sections of a file together may still unpack to.
class Budget {
 public:
  explicit Budget(std::size_t bytes) : left_(bytes) {}
  std::size_t left() const { return left_; }
  void spend(std::size_t bytes) { left_ -= std::min(bytes, left_); }

 private:
  std::size_t left_;
};

}  // namespace cad::dwg
