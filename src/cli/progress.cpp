// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace cad::cli {

Progress::Progress() : terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void Progress::show(std::string_view phase, int percent) {
  constexpr int kWidth = 30;
  if (!terminal_ || percent == last_) return;
  if (Clock::now() - start_ < std::chrono::milliseconds(500)) return;
  last_ = percent;
  drawn_ = true;
  const int filled = std::clamp(percent, 0, 100) * kWidth / 100;
  const std::string bar = std::string(static_cast<std::size_t>(filled), '#') +
                          std::string(static_cast<std::size_t>(kWidth - filled), '.');
  std::fprintf(stderr, "\r%-10.*s [%s] %3d %%", static_cast<int>(phase.size()), phase.data(),
               bar.c_str(), percent);
  std::fflush(stderr);
}

}  // namespace cad::cli
