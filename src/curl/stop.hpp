// SPDX-License-Identifier: Apache-2.0
// Ends transfers that run, when the process is to end: a receiver that takes its time must not hold
// it longer than whoever stops it waits.
#pragma once

#include <atomic>

#include "curl/library.hpp"

namespace cad::curl {

class Stop {
 public:
  // Running transfers end within a second or so with CURLE_ABORTED_BY_CALLBACK, later ones at once.
  // Any thread; there is no way back.
  void ask() { asked_ = true; }
  bool asked() const { return asked_; }
  // Before the transfer, which must not outlive this. False: this libcurl cannot do it.
  [[nodiscard]] bool watch(const Library& api, CURL* curl) const;

 private:
  std::atomic<bool> asked_ = false;
};

}  // namespace cad::curl
