// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <utility>

namespace cad {
namespace {

std::size_t mapped_size(std::size_t size) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

}  // namespace

void wipe_memory(std::span<std::byte> memory) {
  if (!memory.empty()) ::explicit_bzero(memory.data(), memory.size());
}

Secret::Secret(std::span<const std::byte> bytes) : size_(bytes.size()) {
  if (bytes.empty()) return;
  const std::size_t mapped = mapped_size(size_);
  void* pages = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  locked_ = ::mlock2(pages, mapped, 0) == 0;  // mlock() does nothing under AddressSanitizer
  ::madvise(pages, mapped, MADV_DONTDUMP);
  ::madvise(pages, mapped, MADV_WIPEONFORK);
  data_ = static_cast<std::byte*>(pages);
  std::memcpy(data_, bytes.data(), size_);
}

Secret::~Secret() { give_back(); }

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      locked_(std::exchange(other.locked_, false)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  data_ = std::exchange(other.data_, nullptr);
  size_ = std::exchange(other.size_, 0);
  locked_ = std::exchange(other.locked_, false);
  return *this;
}

Secret Secret::from_text(std::string& text) {
  const auto bytes = std::as_writable_bytes(std::span(text.data(), text.size()));
  Secret secret{std::span<const std::byte>(bytes)};
  wipe_memory(bytes);
  text.clear();
  return secret;
}

void Secret::give_back() {
  if (data_ == nullptr) return;
  wipe_memory({data_, size_});
  ::munmap(data_, mapped_size(size_));  // unlocks, too
  data_ = nullptr;
  size_ = 0;
}

bool operator==(const Secret& a, const Secret& b) {
  if (a.size_ != b.size_) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size_; ++i) {
    const volatile unsigned both = std::to_integer<unsigned>(a.data_[i] ^ b.data_[i]);
    difference |= both;
  }
  return difference == 0;
}

}  // namespace cad
