// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

namespace cad::cli {

// A bar on stderr, for work that takes longer than half a second and only on a terminal.
class Progress {
 public:
  Progress();
  ~Progress();
  void show(std::string_view phase, int percent);

 private:
  using Clock = std::chrono::steady_clock;
  bool terminal_ = false;
  bool drawn_ = false;
  int last_ = -1;
  Clock::time_point start_ = Clock::now();
};

}  // namespace cad::cli
