// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cad::worker {

// From here on every system call but those listed in seccomp.cpp ends the process with SIGSYS.
bool close_seccomp();

}  // namespace cad::worker
