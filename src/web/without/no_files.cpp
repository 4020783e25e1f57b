// SPDX-License-Identifier: Apache-2.0
#include "web/site.hpp"

namespace cad::web {

const Site& built_in() {
  static constexpr Site kNone{};
  return kNone;
}

}  // namespace cad::web
