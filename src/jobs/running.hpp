// SPDX-License-Identifier: Apache-2.0
// A job in the hands of a runner of this process.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <vector>

#include "queue/queue.hpp"
#include "store/records.hpp"

namespace cad::jobs {

using Clock = std::chrono::steady_clock;

// What the worker has sent, stored.
struct Stored {
  std::vector<store::Part> objects;
  bool has_thumbnail = false;
};

struct Running {
  queue::Lease lease;
  std::atomic<bool> cancel = false;
  bool deleted = false;  // cancel was asked for, as opposed to a stop or a lost lease
  // The object store could not be read or written: no fault of the drawing. Of the runner's own
  // thread.
  std::optional<Error> store_error;
  // Until when the database surely knows the lease: what was asked last, counted from before.
  std::atomic<Clock::time_point> held_until = Clock::now();
};

}  // namespace cad::jobs
