// SPDX-License-Identifier: Apache-2.0
// From how a worker ended to what the operator records and the user reads.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "sandbox/frame_reader.hpp"
#include "sandbox/worker_client.hpp"

namespace cad::sandbox {

// The bare facts of an end.
struct Ending {
  std::optional<WorkerEnd> stopped;  // we killed it, because of this
  Error our_error;                   // with stopped = failed_to_start
  std::string broken_rule;           // with stopped = crashed: the protocol's rule that it broke
  int status = 0;                    // as of wait4()
  bool complete_frames = false;      // the output ends after a whole frame
  std::optional<DoneNote> done;
  std::optional<Error> rejection;
  std::chrono::microseconds cpu{0};
  std::uint64_t max_rss_bytes = 0;  // 0: unknown
  std::string log;
};

WorkerReport explain(Ending ending, const WorkerLimits& limits);

// "512 MB", "2 GB", "1.5 GB".
std::string human_bytes(std::uint64_t bytes);

}  // namespace cad::sandbox
