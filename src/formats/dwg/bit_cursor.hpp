// SPDX-License-Identifier: Apache-2.0
// The bit codes of DWG (ODA chapter 2). The only code that touches an object's bits. Reading past
// the end gives zeros and sets a sticky failure, asked for once per object; doubles that are not
// finite or absurdly large read as 0 and are noted.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/vec.hpp"
#include "formats/dwg/bytes.hpp"
#include "formats/dwg/version.hpp"
#include "model/ids.hpp"

namespace cad::dwg {

// A handle reference as stored: codes 2 to 5 are absolute, 6, 8, 10 and 12 count from the object's
// own handle (ODA 2.13).
struct HandleRef {
  std::uint8_t code = 0;
  Handle value = 0;
  Handle resolve(Handle self) const;
};

class BitCursor {
 public:
  BitCursor() = default;
  // Bits [begin, end) of `bytes`; both are cut to what is there.
  BitCursor(Bytes bytes, std::uint64_t begin_bit, std::uint64_t end_bit);
  explicit BitCursor(Bytes bytes) : BitCursor(bytes, 0, bytes.size() * 8) {}

  std::uint64_t position() const { return at_; }  // in bits of the whole span
  std::uint64_t end() const { return end_; }
  std::uint64_t bits_left() const { return end_ - at_; }
  Bytes bytes() const { return bytes_; }
  bool ok() const { return !overran_; }
  bool bad_number() const { return bad_number_; }
  void fail() { overran_ = true; }
  void seek(std::uint64_t bit);  // outside: to the end, with failure
  void skip(std::uint64_t bits) { seek(at_ + bits < at_ ? end_ + 1 : at_ + bits); }
  void set_end(std::uint64_t bit) { end_ = bit < end_ ? (bit < at_ ? at_ : bit) : end_; }
  void set_max_coordinate(double most) { most_ = most; }

  // A count is believed only if its items can still fit: else failure and 0.
  std::size_t count(std::uint64_t claimed, unsigned min_bits_each);

  bool b() { return take(1) != 0; }
  unsigned bb() { return static_cast<unsigned>(take(2)); }
  unsigned bbb() { return static_cast<unsigned>(take(3)); }   // BLL's prefix: three fixed bits
  std::uint64_t bits(unsigned count) { return take(count); }  // at most 56
  std::uint8_t rc() { return static_cast<std::uint8_t>(take(8)); }
  std::uint16_t rs();
  std::uint32_t rl();
  std::uint64_t rll();
  double rd();
  std::int16_t bs();
  std::uint16_t ubs() { return static_cast<std::uint16_t>(bs()); }
  std::int32_t bl();
  std::uint32_t ubl() { return static_cast<std::uint32_t>(bl()); }
  std::uint64_t bll();
  double bd();
  double dd(double otherwise);  // BitDouble with default (ODA 2.9)
  Vec2 rd2();
  Vec3 rd3();
  Vec2 bd2();
  Vec3 bd3();
  double thickness(Version version);  // BT
  Vec3 extrusion(Version version);    // BE
  std::int64_t mc();                  // modular char, signed
  std::uint64_t umc();                // without the sign bit
  std::uint32_t ms();                 // modular short
  std::uint16_t object_type(Version version);
  HandleRef h();
  // Whole bytes from any bit; cut to what is left (then with failure).
  void raw(void* to, std::size_t size);

 private:
  std::uint64_t take(unsigned count);
  double finite(double value);

  Bytes bytes_;
  std::uint64_t at_ = 0, end_ = 0;
  double most_ = 1e300;
  bool overran_ = false, bad_number_ = false;
};

inline std::uint64_t BitCursor::take(unsigned count) {
  if (count > end_ - at_) {
    overran_ = true;
    at_ = end_;
    return 0;
  }
  const std::size_t byte = static_cast<std::size_t>(at_ >> 3);
  std::uint64_t word = 0;
  if (byte + 8 <= bytes_.size()) {
    std::memcpy(&word, bytes_.data() + byte, 8);
    word = __builtin_bswap64(word);
  } else {
    for (std::size_t i = 0; i < 8; ++i)
      word = word << 8 |
             (byte + i < bytes_.size() ? std::to_integer<std::uint64_t>(bytes_[byte + i]) : 0);
  }
  word <<= at_ & 7;
  at_ += count;
  return count == 0 ? 0 : word >> (64 - count);
}

}  // namespace cad::dwg
