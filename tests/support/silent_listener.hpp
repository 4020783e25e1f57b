// SPDX-License-Identifier: Apache-2.0
// A port on this machine where connections are made and nothing is ever said.
#pragma once

#include "loopback_listener.hpp"

namespace cad::test_support {

class SilentListener : public LoopbackListener {
 public:
  void wait_for_somebody() const { EXPECT_TRUE(somebody_comes(20'000)) << "nobody came"; }
};

}  // namespace cad::test_support
