// SPDX-License-Identifier: Apache-2.0
#include "worker/memory.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "base/huge_pages.hpp"

namespace cad::worker {
namespace {

constexpr std::size_t kLargePage = HugePages<char>::kPage;
constexpr int kHeapStep = 64 << 20;  // of addresses

}  // namespace

// The picture of each sheet takes megabytes: given back to the system and taken again page by page
// they were a third of the time of a drawing with four sheets.
void keep_memory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, kHeapStep);
}

void use_large_pages() {
  // Where the heap's unused end begins, and what is left up to the next large page: never touched.
  void* const probe = std::malloc(kLargePage);
  if (probe == nullptr) return;
  const auto begin = reinterpret_cast<std::uintptr_t>(probe);
  std::free(probe);
  const std::uintptr_t first = (begin + kLargePage - 1) / kLargePage * kLargePage;
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0)) / kLargePage * kLargePage;
  if (begin >= end || first >= end) return;                               // not on this heap
  ::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);  // a wish
  constexpr std::size_t kHeader = 2 * sizeof(std::size_t);
  // The next block then begins in a large page. It is kept for good.
  if (first - begin > kHeader) (void)!std::malloc(first - begin - kHeader);
}

void take_memory(std::size_t bytes) {
  if (bytes == 0) return;
  HugePages<char> pages;
  char* const memory = pages.allocate(bytes);
  for (std::size_t i = 0; i < bytes; i += 4096) static_cast<volatile char*>(memory)[i] = 0;
  pages.deallocate(memory, bytes);
}

}  // namespace cad::worker
