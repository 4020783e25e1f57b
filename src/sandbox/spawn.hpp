// SPDX-License-Identifier: Apache-2.0
// Starts the worker's program: no environment, no descriptor but three, "/" as its folder, a
// process group of its own. Uses posix_spawn, so that a large parent is never copied.
#pragma once

#include <sys/types.h>

#include <cstdint>
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

enum class Input : std::uint8_t { pipe, socket };  // of messages, in both directions, and blocking

// `path` may be relative. The error's message names it: for the operator's log.
Result<Child> spawn_worker(const std::string& path, std::vector<std::string> arguments,
                           Input input = Input::pipe);

// A child of this process that something else has started, with its ends of three pipes.
struct Pipes {
  UniqueFd child_in, child_out, child_err;  // for the child: 0, 1 and 2
  UniqueFd in, out, err;                    // for us; they do not block
};
Result<Pipes> make_pipes();
Child child_of(pid_t pid, Pipes pipes);

}  // namespace cad::sandbox
