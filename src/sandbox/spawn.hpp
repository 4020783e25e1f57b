// SPDX-License-Identifier: Apache-2.0
// Starts the worker: no environment, no descriptor but three pipes, "/" as its folder, a process
// group of its own. Uses posix_spawn, so that a large parent is never copied.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "sandbox/worker_groups.hpp"

namespace cad::sandbox {

struct Child {
  pid_t pid = -1;
  UniqueFd exited;    // pidfd, readable once the child has exited; none on kernels before 5.3
  UniqueFd in;        // writes to its descriptor 0; does not block
  UniqueFd out, err;  // read from its descriptors 1 and 2; do not block
  WorkerGroup group;  // where control groups are ours to make
};

// `path` may be relative. The error's message names it: for the operator's log.
// The limits go to the child as arguments: it closes itself in before it reads anything.
Result<Child> spawn_worker(const std::string& path, std::vector<std::string> arguments);

}  // namespace cad::sandbox
