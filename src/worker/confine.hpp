// SPDX-License-Identifier: Apache-2.0
// The worker closes itself in, before it reads a byte. Layers, each of which holds if another does
// not (docs/threat-model.md): no new privileges, no capabilities, not dumpable, resource limits,
// namespaces of its own where the system allows, Landlock or an empty root, and a seccomp
// allow-list.
#pragma once

#include <cstdint>

#include "sandbox/isolation.hpp"

namespace cad::worker {

struct Confinement {
  std::uint64_t memory_bytes = 2ull << 30;  // address space
  std::uint64_t cpu_seconds = 120;
  bool in_own_namespaces = false;  // already, from the zygote
};

struct Confined {
  const char* open_layer = nullptr;  // what could not be closed: the process must not go on
  sandbox::Isolation layers;         // what is closed
};
// Call it once, from the only thread, after everything that is needed has been opened.
Confined confine(const Confinement& confinement);

// One layer of it: namespaces of its own for users, network (without a single interface) and IPC.
// False where the system does not let everyone make them; the other layers do not need it.
bool enter_own_namespaces();

// Another, for kernels without Landlock: a root folder without a single entry, that nothing can be
// written to. Needs the namespaces.
bool enter_empty_root();

// `cadlens-worker --self-test`: closes in, writes what it got as one line to descriptor 1. The exit
// code.
int self_test();

}  // namespace cad::worker
