// SPDX-License-Identifier: Apache-2.0
#include <link.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstring>

#include "base/huge_pages.hpp"
#include "worker/memory.hpp"

namespace cad::worker {
namespace {

constexpr std::size_t kLargePage = HugePages<char>::kPage;

struct Segment {
  std::uintptr_t begin;
  std::size_t bytes;
  int protection;
};

// Single-threaded, and of what nothing writes to: the old and the new page never differ.
void move(const Segment& segment) {
  const std::size_t whole = (segment.bytes + kLargePage - 1) / kLargePage * kLargePage;
  void* const space = ::mmap(nullptr, whole + kLargePage, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (space == MAP_FAILED) return;
  const auto from = reinterpret_cast<std::uintptr_t>(space);
  const std::uintptr_t aligned = (from + kLargePage - 1) / kLargePage * kLargePage;
  void* const pages = reinterpret_cast<void*>(aligned);
  void* const place = reinterpret_cast<void*>(segment.begin);
  if (::madvise(pages, whole, MADV_HUGEPAGE) == 0) {
    std::memcpy(pages, place, segment.bytes);
    if (::mprotect(pages, whole, segment.protection) == 0)
      ::mremap(pages, whole, whole, MREMAP_MAYMOVE | MREMAP_FIXED, place);
  }
  // What is left around it, and all of it where it was not moved.
  if (aligned > from) ::munmap(space, aligned - from);
  ::munmap(reinterpret_cast<void*>(aligned + whole), from + kLargePage - aligned);
}

int move_segments(dl_phdr_info* program, std::size_t, void*) {
  for (int i = 0; i < program->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = program->dlpi_phdr[i];
    if (header.p_type != PT_LOAD || (header.p_flags & PF_W) != 0) continue;
    const Segment segment{program->dlpi_addr + header.p_vaddr, header.p_memsz,
                          PROT_READ | ((header.p_flags & PF_X) != 0 ? PROT_EXEC : 0)};
    // Linked otherwise, a whole page could cover what lies behind it.
    if (segment.begin % kLargePage == 0 && header.p_align >= kLargePage) move(segment);
  }
  return 1;  // the first is the program itself
}

}  // namespace

void move_program_to_large_pages() { ::dl_iterate_phdr(move_segments, nullptr); }

}  // namespace cad::worker
