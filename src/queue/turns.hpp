// SPDX-License-Identifier: Apache-2.0
// The order among waiting jobs: somebody waits for a sync job, a small one is done in no time, the
// others can wait. Each class stands behind the better one as if it had come later; a job that has
// waited that long is overtaken no more, so nothing starves.
#pragma once

#include "store/records.hpp"

namespace cad::queue {

inline constexpr std::int64_t kSmallBytes = 1 << 20;
inline constexpr store::UnixMs kSmallBehind = 2 * 60'000, kOthersBehind = 5 * 60'000;

inline store::UnixMs turn_of(store::UnixMs created_at, std::int64_t file_size, bool sync) {
  if (sync) return created_at;
  return created_at + (file_size <= kSmallBytes ? kSmallBehind : kOthersBehind);
}

}  // namespace cad::queue
