// SPDX-License-Identifier: Apache-2.0
// Memory of a process that lives for one drawing. It gets every page by a fault, which costs more
// than what is done with it: pages of 2 MiB where the system has them.
#pragma once

#include <cstddef>

namespace cad::worker {

// What is freed is kept for the next use. Before anything of weight is allocated.
void keep_memory();
// The program's own code and constants lie in large pages, which copies of a process share at the
// cost of a handful of entries: pages of a file are mapped anew in each copy, fault by fault. Needs
// segments that begin in large pages of their own (`-z max-page-size`), else does nothing. Before
// there is a second thread.
void move_program_to_large_pages();
// The heap goes on in large pages. In the worker: a large page that is shared is copied in small.
void use_large_pages();
// What pictures need is taken from the system now, while nobody waits for it.
void take_memory(std::size_t bytes);

}  // namespace cad::worker
