// SPDX-License-Identifier: Apache-2.0
// Objects that belong to no job, or to an attempt that did not become the result: what a crash left
// behind. Probes of a store that was away are among them (store_watch.hpp).
#pragma once

#include <chrono>

#include "jobs/remove.hpp"

namespace cad::jobs {

struct OrphanTimes {
  // What was stored less long ago is let be; by the store's clock and this machine's.
  std::chrono::milliseconds patience{0};
  // How long before what looks like an orphan is looked at again. An upload becomes a job a moment
  // after it is stored, and what other nodes do in between is not seen here.
  std::chrono::milliseconds settle{0};
};
// Without times: for the only node there is. `stop` is asked often, and ends it early.
Result<Swept> sweep_orphans(const Services& services, OrphanTimes times = {},
                            const Stop& stop = {});

}  // namespace cad::jobs
