// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cad::worker {

// Denies every access that the kernel's Landlock knows of: files, TCP (ABI 4), abstract sockets and
// signals outside (ABI 6). The version that closed; 0 when the kernel has no Landlock, -1 when it
// has and refuses.
int close_landlock();

}  // namespace cad::worker
