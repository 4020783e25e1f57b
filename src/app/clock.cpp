// SPDX-License-Identifier: Apache-2.0
#include "app/clock.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>

namespace cad::app {

store::UnixMs system_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::function<store::UnixMs()> make_clock(const std::string& offset_file) {
  if (offset_file.empty()) return system_now;
  return [offset_file] {
    constexpr std::int64_t kMost = std::int64_t{100} * 365 * 24 * 3600;
    std::int64_t seconds = 0;
    std::ifstream(offset_file) >> seconds;
    return system_now() + std::clamp<std::int64_t>(seconds, 0, kMost) * 1000;
  };
}

}  // namespace cad::app
