// SPDX-License-Identifier: Apache-2.0
// Linked into cadlens-worker only. Libraries that are told "no memory" go on without: a shaper
// without glyphs, a decoder without a row. The drawing's preview would then be wrong and nobody
// would know. So a refused allocation, by whomever, ends the worker with the exit code that says
// so.
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "sandbox/protocol.hpp"

extern "C" {

void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);

void* malloc(size_t size) noexcept {
  void* got = __libc_malloc(size);
  if (got == nullptr) _exit(cad::sandbox::kExitOutOfMemory);
  return got;
}

void* calloc(size_t count, size_t size) noexcept {
  void* got = __libc_calloc(count, size);
  if (got == nullptr) _exit(cad::sandbox::kExitOutOfMemory);
  return got;
}

void* realloc(void* old, size_t size) noexcept {
  void* got = __libc_realloc(old, size);
  if (got == nullptr && size != 0) _exit(cad::sandbox::kExitOutOfMemory);
  return got;
}

// Of the fonts; the C library's own allocator does not come by here.
void* mmap(void* address, size_t size, int protection, int flags, int fd, off_t offset) noexcept {
  const long got = syscall(SYS_mmap, address, size, protection, flags, fd, offset);
  if (got == -1 && errno == ENOMEM) _exit(cad::sandbox::kExitOutOfMemory);
  return reinterpret_cast<void*>(got);
}
}
