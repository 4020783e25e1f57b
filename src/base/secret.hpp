// SPDX-License-Identifier: Apache-2.0
// A key or password in memory: nothing can print or format it, comparing takes constant time, and
// it lies alone in pages that are kept out of swap, core files and forked children and are wiped
// before they are given back.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

namespace cad {

class Secret {
 public:
  Secret() = default;
  // Copies; the caller wipes what it has, or hands it over with from_text().
  explicit Secret(std::span<const std::byte> bytes);
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  // `text` is wiped.
  static Secret from_text(std::string& text);
  Secret clone() const { return Secret(bytes()); }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  // For the one place that needs it; never to be kept or written anywhere.
  std::span<const std::byte> bytes() const { return {data_, size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }
  // False when the system refused to keep the pages out of swap (RLIMIT_MEMLOCK).
  bool locked() const { return locked_ || size_ == 0; }

  // Time depends on the lengths only.
  friend bool operator==(const Secret& a, const Secret& b);

 private:
  void give_back();

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  bool locked_ = false;
};

std::ostream& operator<<(std::ostream&, const Secret&) = delete;
std::string to_string(const Secret&) = delete;

// Overwrites; not optimized away.
void wipe_memory(std::span<std::byte> memory);

}  // namespace cad
