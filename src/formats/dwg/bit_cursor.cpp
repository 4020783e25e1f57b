// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/bit_cursor.hpp"

#include <algorithm>
#include <cmath>

namespace cad::dwg {
namespace {

// Multi-byte values are little-endian bytes that may start at any bit.
std::uint16_t swap16(std::uint64_t bits) {
  return __builtin_bswap16(static_cast<std::uint16_t>(bits));
}
std::uint32_t swap32(std::uint64_t bits) {
  return __builtin_bswap32(static_cast<std::uint32_t>(bits));
}

}  // namespace

Handle HandleRef::resolve(Handle self) const {
  switch (code) {
    case 6: return self + 1;
    case 8: return self - 1;
    case 10: return self + value;
    case 12: return self - value;
    default: return value;
  }
}

BitCursor::BitCursor(Bytes bytes, std::uint64_t begin_bit, std::uint64_t end_bit) : bytes_(bytes) {
  const std::uint64_t most = static_cast<std::uint64_t>(bytes.size()) * 8;
  end_ = std::min(end_bit, most);
  at_ = std::min(begin_bit, end_);
  overran_ = begin_bit > end_bit || end_bit > most;
}

void BitCursor::seek(std::uint64_t bit) {
  if (bit > end_) overran_ = true;
  at_ = std::min(bit, end_);
}

std::size_t BitCursor::count(std::uint64_t claimed, unsigned min_bits_each) {
  if (claimed <= bits_left() / std::max(min_bits_each, 1u))
    return static_cast<std::size_t>(claimed);
  overran_ = true;
  return 0;
}

std::uint16_t BitCursor::rs() { return swap16(take(16)); }
std::uint32_t BitCursor::rl() { return swap32(take(32)); }

std::uint64_t BitCursor::rll() {
  if (bits_left() < 64) seek(end_ + 1);  // not half a number
  const std::uint64_t low = rl();
  return low | static_cast<std::uint64_t>(rl()) << 32;
}

double BitCursor::finite(double value) {
  if (std::abs(value) <= most_) return value;  // false for NaN
  bad_number_ = true;
  return 0;
}

double BitCursor::rd() { return finite(std::bit_cast<double>(rll())); }

std::int16_t BitCursor::bs() {
  switch (take(2)) {
    case 0: return static_cast<std::int16_t>(rs());
    case 1: return rc();
    case 2: return 0;
    default: return 256;
  }
}

std::int32_t BitCursor::bl() {
  switch (take(2)) {
    case 0: return static_cast<std::int32_t>(rl());
    case 1: return rc();
    case 2: return 0;
    default: overran_ = true; return 0;  // not used by the format
  }
}

std::uint64_t BitCursor::bll() {
  const unsigned size = bbb();
  std::uint64_t value = 0;
  for (unsigned i = 0; i < size; ++i) value |= static_cast<std::uint64_t>(rc()) << (8 * i);
  return value;
}

double BitCursor::bd() {
  switch (take(2)) {
    case 0: return rd();
    case 1: return 1;
    case 2: return 0;
    default: overran_ = true; return 0;  // not used by the format
  }
}

double BitCursor::dd(double otherwise) {
  const unsigned kind = bb();
  if (kind == 0) return otherwise;
  if (kind == 3) return rd();
  std::uint64_t value = std::bit_cast<std::uint64_t>(otherwise);
  if (kind == 2) {
    const std::uint64_t high = rs();
    value = (value & 0xffff0000ffffffffu) | high << 32;
  }
  value = (value & 0xffffffff00000000u) | rl();
  return finite(std::bit_cast<double>(value));
}

// Braced lists are evaluated from left to right, so x is read first.
Vec2 BitCursor::rd2() { return {rd(), rd()}; }
Vec3 BitCursor::rd3() { return {rd(), rd(), rd()}; }
Vec2 BitCursor::bd2() { return {bd(), bd()}; }
Vec3 BitCursor::bd3() { return {bd(), bd(), bd()}; }

double BitCursor::thickness(Version version) {
  if (version >= Version::r2000 && b()) return 0;
  return bd();
}

Vec3 BitCursor::extrusion(Version version) {
  if (version >= Version::r2000 && b()) return {0, 0, 1};
  return bd3();
}

std::int64_t BitCursor::mc() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    const std::uint64_t byte = rc();
    if ((byte & 0x80) != 0) {
      value |= (byte & 0x7f) << shift;
      continue;
    }
    value |= (byte & 0x3f) << shift;
    const auto magnitude = static_cast<std::int64_t>(value & 0x7fffffffffffffffu);
    return (byte & 0x40) != 0 ? -magnitude : magnitude;
  }
  overran_ = true;
  return 0;
}

std::uint64_t BitCursor::umc() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    const std::uint64_t byte = rc();
    value |= (byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  overran_ = true;
  return 0;
}

std::uint32_t BitCursor::ms() {
  const std::uint32_t low = rs();
  if ((low & 0x8000) == 0) return low;
  const std::uint32_t high = rs();
  if ((high & 0x8000) != 0) overran_ = true;  // 1 GiB and more
  return (low & 0x7fff) | (high & 0x7fff) << 15;
}

std::uint16_t BitCursor::object_type(Version version) {
  if (version < Version::r2010) return ubs();
  switch (bb()) {
    case 0: return rc();
    case 1: return static_cast<std::uint16_t>(rc() + 0x1f0);
    default: return rs();
  }
}

HandleRef BitCursor::h() {
  HandleRef ref;
  ref.code = static_cast<std::uint8_t>(take(4));
  const auto size = static_cast<unsigned>(take(4));
  if (size > 8) {
    overran_ = true;
    return {};
  }
  for (unsigned i = 0; i < size; ++i) ref.value = ref.value << 8 | rc();
  return ref;
}

void BitCursor::raw(void* to, std::size_t size) {
  auto* out = static_cast<unsigned char*>(to);
  if (size > bits_left() / 8) {
    std::memset(out, 0, size);
    size = static_cast<std::size_t>(bits_left() / 8);
    overran_ = true;
  }
  if ((at_ & 7) == 0) {
    if (size != 0) std::memcpy(out, bytes_.data() + (at_ >> 3), size);
    at_ += static_cast<std::uint64_t>(size) * 8;
    return;
  }
  for (std::size_t i = 0; i < size; ++i) out[i] = rc();
}

}  // namespace cad::dwg
