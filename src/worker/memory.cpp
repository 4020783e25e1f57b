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
  // Where the heap's unused end begins. Behind the probe malloc writes the new beginning of that
  // end, which makes a small page of it: the first large one comes after that.
  constexpr std::size_t kProbe = 256 << 10;
  void* const probe = std::malloc(kProbe);
  if (probe == nullptr) return;
  const auto begin = reinterpret_cast<std::uintptr_t>(probe);
  std::free(probe);
  const std::uintptr_t first = (begin + 2 * kProbe + kLargePage) / kLargePage * kLargePage;
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0)) / kLargePage * kLargePage;
  if (begin >= end || first >= end) return;                               // not on this heap
  ::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);  // a wish
  // Up to there nothing is ever touched: the next block then begins in a large page.
  [[maybe_unused]] void* volatile never_used =  // volatile: compilers know malloc
      std::malloc(first - begin - 2 * sizeof(std::size_t));
}

void take_memory(std::size_t bytes) {
  if (bytes == 0) return;
  HugePages<char> pages;
  char* const memory = pages.allocate(bytes);
  for (std::size_t i = 0; i < bytes; i += 4096) static_cast<volatile char*>(memory)[i] = 0;
  pages.deallocate(memory, bytes);
}

}  // namespace cad::worker
