// SPDX-License-Identifier: Apache-2.0
// The process that all workers are copies of: it has loaded the program and opened the fonts, has
// never seen a drawing, and never will. A copy costs a fifth of what starting a program costs.
#pragma once

#include <cstddef>

#include "worker/confine.hpp"

namespace cad::worker {

struct Start {
  Confinement limits;
  std::size_t picture_bytes = 0;
};

// Serves StartRequests on descriptor 0. Returns in each new worker, which is a child of the
// service, with nothing of the zygote's but its memory and its fonts; never in the zygote.
// `in_own_namespaces`: the zygote is already; once for all workers, none of which has a system call
// that would find another in there.
Start wait_as_zygote(bool in_own_namespaces);

}  // namespace cad::worker
