// SPDX-License-Identifier: Apache-2.0
// Memory of a process that lives for one drawing. It gets every page by a fault, which costs more
// than what is done with it: pages of 2 MiB where the system has them.
#pragma once

#include <cstddef>

namespace cad::worker {

// What is freed is kept for the next use. Before anything of weight is allocated.
void keep_memory();
// The heap goes on in large pages. In the worker: a large page that is shared is copied in small.
void use_large_pages();
// What pictures need is taken from the system now, while nobody waits for it.
void take_memory(std::size_t bytes);

}  // namespace cad::worker
