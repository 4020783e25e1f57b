// SPDX-License-Identifier: Apache-2.0
// Memory for a large array that is written all over the place: in pages of 2 MiB where the system
// has them. A fresh process is given its pages one at a time: a preview of 2048 pixels cost a
// worker 54 ms of CPU with small ones, 24 ms with these (one line, PNG included; a slow machine).
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>

namespace cad {

template <class T>
struct HugePages {
  using value_type = T;
  static constexpr std::size_t kPage = std::size_t{2} << 20;

  HugePages() = default;
  template <class U>
  HugePages(const HugePages<U>&) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kPage) return static_cast<T*>(::operator new(bytes));
    const std::size_t whole = (bytes + kPage - 1) / kPage * kPage;
    // By operator new: a worker without memory ends by its handler.
    void* const memory = ::operator new(whole, std::align_val_t(kPage));
    ::madvise(memory, whole, MADV_HUGEPAGE);  // a wish
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < kPage)
      ::operator delete(memory);
    else
      ::operator delete(memory, std::align_val_t(kPage));
  }
  friend bool operator==(const HugePages&, const HugePages&) { return true; }
};

}  // namespace cad
