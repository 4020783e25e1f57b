// SPDX-License-Identifier: Apache-2.0
// The worker closes itself in, before it reads a byte. Layers, each of which holds if another does
// not (docs/threat-model.md): no new privileges, no capabilities, not dumpable, resource limits,
// namespaces of its own where the system allows, Landlock where the kernel has it, and a seccomp
// allow-list, without which it does not run.
#pragma once

#include <cstdint>

namespace cad::worker {

struct Confinement {
  std::uint64_t memory_bytes = 2ull << 30;  // address space
  std::uint64_t cpu_seconds = 120;
};

// Null when all is closed; else the name of the layer that could not be. Call it once, from the
// only thread, after everything that is needed has been opened.
const char* confine(const Confinement& confinement);

// One layer of it: namespaces of its own for users, network (without a single interface) and IPC.
// False where the system does not let everyone make them; the other layers do not need it.
bool enter_own_namespaces();

}  // namespace cad::worker
