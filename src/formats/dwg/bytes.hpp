// SPDX-License-Identifier: Apache-2.0
// Little-endian numbers of whole bytes. Reading past the end gives zero: callers check sizes first
// where it matters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace cad::dwg {

using Bytes = std::span<const std::byte>;

template <class T>
T load(Bytes bytes, std::size_t at) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value{};
  if (at <= bytes.size() && bytes.size() - at >= sizeof(T))
    std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

inline std::uint8_t u8(Bytes b, std::size_t at) { return load<std::uint8_t>(b, at); }
inline std::uint16_t u16(Bytes b, std::size_t at) { return load<std::uint16_t>(b, at); }
inline std::uint32_t u32(Bytes b, std::size_t at) { return load<std::uint32_t>(b, at); }
inline std::uint64_t u64(Bytes b, std::size_t at) { return load<std::uint64_t>(b, at); }

// The part that lies inside `bytes`: never fails, may be shorter than asked for or empty.
inline Bytes slice(Bytes bytes, std::uint64_t at, std::uint64_t size) {
  if (at >= bytes.size()) return {};
  const std::uint64_t left = bytes.size() - at;
  return bytes.subspan(static_cast<std::size_t>(at),
                       static_cast<std::size_t>(size < left ? size : left));
}

}  // namespace cad::dwg
