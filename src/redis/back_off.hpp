// SPDX-License-Identifier: Apache-2.0
// Pauses between tries to reach a server: longer each time, and not the same on every node.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace cad::redis {

class BackOff {
 public:
  std::chrono::milliseconds next() {
    const auto pause = std::chrono::milliseconds(
        std::uniform_int_distribution<long>(most_.count() / 2, most_.count())(random_));
    most_ = std::min(most_ * 2, std::chrono::milliseconds(2'000));
    return pause;
  }
  void reset() { most_ = kFirst; }

 private:
  static constexpr std::chrono::milliseconds kFirst{50};
  std::chrono::milliseconds most_ = kFirst;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace cad::redis
