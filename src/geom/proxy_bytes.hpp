// SPDX-License-Identifier: Apache-2.0
// Little-endian numbers of proxy graphics. Reading past the end gives zeros and fails for good;
// numbers that are not finite fail, too.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/vec.hpp"

namespace cad {

class ProxyBytes {
 public:
  ProxyBytes() = default;
  explicit ProxyBytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  void fail() { ok_ = false; }
  std::size_t left() const { return bytes_.size() - at_; }
  std::size_t position() const { return at_; }

  std::span<const std::uint8_t> take(std::size_t size) {
    if (size > left()) {
      ok_ = false;
      at_ = bytes_.size();
      return {};
    }
    at_ += size;
    return bytes_.subspan(at_ - size, size);
  }
  void skip(std::size_t size) { take(size); }

  std::uint32_t rl() { return load<std::uint32_t>(); }
  double rd() {
    const double value = load<double>();
    if (std::isfinite(value)) return value;
    ok_ = false;
    return 0;
  }
  Vec3 rd3() {
    const double x = rd();
    const double y = rd();
    return {x, y, rd()};
  }
  // A count is believed only if its items still fit.
  std::size_t count(std::uint64_t claimed, std::size_t bytes_each) {
    if (claimed <= left() / bytes_each) return static_cast<std::size_t>(claimed);
    ok_ = false;
    return 0;
  }

 private:
  template <class T>
  T load() {
    T value{};
    if (const auto from = take(sizeof(T)); from.size() == sizeof(T))
      std::memcpy(&value, from.data(), sizeof(T));
    return value;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace cad
