// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/lz77_r2007.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace cad::dwg {
namespace {

// Bytes behind the output that a copy may touch: copies go in whole steps.
constexpr std::size_t kSlack = 32;

// Writes blocks of a literal one after the other: of 1 byte, of 2 and 3 turned around, of 4 and 8
// as they are, of 16 with the halves changed.
struct Shuffle {
  const std::byte* from;
  std::byte* to;

  template <std::size_t kSize>
  Shuffle& take(std::size_t at) {
    if constexpr (kSize == 2 || kSize == 3) {
      for (std::size_t i = 0; i < kSize; ++i) to[i] = from[at + kSize - 1 - i];
    } else if constexpr (kSize == 16) {
      std::memcpy(to, from + at + 8, 8);
      std::memcpy(to + 8, from + at, 8);
    } else {
      std::memcpy(to, from + at, kSize);
    }
    to += kSize;
    return *this;
  }
};

// The table of 5.10.1. `length` is below 32.
void copy_rest(Shuffle s, std::size_t length) {
  switch (length) {
    case 1: s.take<1>(0); break;
    case 2: s.take<2>(0); break;
    case 3: s.take<3>(0); break;
    case 4: s.take<4>(0); break;
    case 5: s.take<1>(4).take<4>(0); break;
    case 6: s.take<1>(5).take<4>(1).take<1>(0); break;
    case 7: s.take<2>(5).take<4>(1).take<1>(0); break;
    case 8: s.take<8>(0); break;
    case 9: s.take<1>(8).take<8>(0); break;
    case 10: s.take<1>(9).take<8>(1).take<1>(0); break;
    case 11: s.take<2>(9).take<8>(1).take<1>(0); break;
    case 12: s.take<4>(8).take<8>(0); break;
    case 13: s.take<1>(12).take<4>(8).take<8>(0); break;
    case 14: s.take<1>(13).take<4>(9).take<8>(1).take<1>(0); break;
    case 15: s.take<2>(13).take<4>(9).take<8>(1).take<1>(0); break;
    case 16: s.take<16>(0); break;
    case 17: s.take<8>(9).take<1>(8).take<8>(0); break;
    case 18: s.take<1>(17).take<16>(1).take<1>(0); break;
    case 19: s.take<3>(16).take<16>(0); break;
    case 20: s.take<4>(16).take<16>(0); break;
    case 21: s.take<1>(20).take<4>(16).take<16>(0); break;
    case 22: s.take<2>(20).take<4>(16).take<16>(0); break;
    case 23: s.take<3>(20).take<4>(16).take<16>(0); break;
    case 24: s.take<8>(16).take<16>(0); break;
    case 25: s.take<8>(17).take<1>(16).take<16>(0); break;
    case 26: s.take<1>(25).take<8>(17).take<1>(16).take<16>(0); break;
    case 27: s.take<2>(25).take<8>(17).take<1>(16).take<16>(0); break;
    case 28: s.take<4>(24).take<8>(16).take<16>(0); break;
    case 29: s.take<1>(28).take<4>(24).take<8>(16).take<16>(0); break;
    case 30: s.take<2>(28).take<4>(24).take<8>(16).take<16>(0); break;
    case 31: s.take<1>(30).take<4>(26).take<8>(18).take<16>(2).take<2>(0); break;
    default: break;
  }
}

void copy_literal(const std::byte* from, std::byte* to, std::size_t length) {
  for (; length >= 32; length -= 32, from += 32, to += 32)
    Shuffle{from, to}.take<16>(16).take<16>(0);
  copy_rest({from, to}, length);
}

// Up to 15 bytes behind the end are written too.
void copy_match(std::byte* to, std::size_t distance, std::size_t length) {
  std::byte* const end = to + length;
  if (distance < 16) {  // a pattern: once around byte by byte, then in multiples of it
    std::byte* const once = to + std::min<std::size_t>(length, 16);
    for (; to < once; ++to) *to = *(to - distance);
    distance *= 16 / distance;
    if (distance < 8) return;
    for (; to < end; to += 8) std::memcpy(to, to - distance, 8);
    return;
  }
  for (; to < end; to += 16) std::memcpy(to, to - distance, 16);
}

class Decompressor {
 public:
  Decompressor(Bytes in, std::size_t at_most, std::vector<std::byte>& out)
      : from_(in.data()), end_(in.data() + in.size()), at_most_(at_most), out_(out) {
    grow(std::max<std::size_t>(4 * in.size(), 256));
  }

  bool run() {
    const bool whole = chunks();
    out_.resize(start_ + written_);
    return whole;
  }

 private:
  struct Copy {
    std::size_t distance = 0, length = 0;
  };

  std::size_t left() const { return static_cast<std::size_t>(end_ - from_); }
  // Reading past the end gives zeros and is found when the copy is made.
  std::uint32_t next() {
    if (from_ == end_) {
      overrun_ = true;
      return 0;
    }
    return std::to_integer<std::uint32_t>(*from_++);
  }

  void grow(std::size_t room) {
    room_ = std::min(room, at_most_);
    out_.resize(start_ + room_ + kSlack);
  }
  // Room for `length` more bytes; less where the limit stands in the way.
  bool make_room(std::size_t length) {
    if (room_ - written_ < length) [[unlikely]]
      grow(std::max(written_ + length, 2 * room_));
    return room_ - written_ >= length;
  }

  bool literal(std::size_t length) {
    if (overrun_ || length > left() || !make_room(length)) return false;
    copy_literal(from_, out_.data() + start_ + written_, length);
    from_ += length;
    written_ += length;
    return true;
  }
  bool match(Copy copy) {
    if (overrun_ || copy.distance - 1 >= written_) return false;
    const bool fits = make_room(copy.length);
    if (!fits) copy.length = room_ - written_;
    copy_match(out_.data() + start_ + written_, copy.distance, copy.length);
    written_ += copy.length;
    return fits;
  }

  std::size_t literal_length(std::uint32_t opcode) {
    std::size_t length = opcode + 8;
    if (length != 0x17) return length;
    std::uint32_t more = next();
    length += more;
    if (more != 0xFF) return length;
    do {
      more = next();
      more |= next() << 8;
      length += more;
    } while (more == 0xFFFF);
    return length;
  }

  // ReadInstructions of 5.10.2; leaves the opcode that follows.
  Copy instruction(std::uint32_t& opcode) {
    const std::uint32_t first = opcode;
    switch (first >> 4) {
      case 0: {
        const std::uint32_t low = next();
        opcode = next();
        return {((opcode & 0x78) << 5) + low + 1, (first & 0xF) + 0x13 + (opcode >> 3 & 0x10)};
      }
      case 1: {
        const std::uint32_t low = next();
        opcode = next();
        return {((opcode & 0xF8) << 5) + low + 1, (first & 0xF) + 3};
      }
      case 2: {
        const std::uint32_t low = next();
        const std::uint32_t distance = next() << 8 | low;
        if ((first & 8) == 0) {
          opcode = next();
          return {distance, (opcode & 0xF8) + (first & 7)};
        }
        const std::uint32_t length = (next() << 3) + (first & 7);
        opcode = next();
        return {distance + 1, ((opcode & 0xF8) << 8) + length + 0x100};
      }
      default: opcode = next(); return {((opcode & 0xF8) << 1) + (first & 0xF) + 1, first >> 4};
    }
  }

  // Literals and copies in turn. An opcode's low three bits are the length of the literal that
  // follows its copy; 0: the next byte says whether it is a literal or another copy.
  bool chunks() {
    if (left() < 2) return left() == 0;
    std::uint32_t opcode = next();
    std::size_t length = 0;
    if (opcode >> 4 == 2) {
      next();
      next();
      length = next() & 7;
    }
    while (true) {
      if (!literal(length != 0 ? length : literal_length(opcode))) return false;
      if (left() == 0) return true;
      opcode = next();
      do {
        if (!match(instruction(opcode))) return false;
        length = opcode & 7;
        if (left() == 0) return true;
        if (length != 0) break;
        opcode = next();
        if (opcode >> 4 == 15)
          opcode &= 15;
        else if (opcode >> 4 == 0)
          break;
      } while (true);
    }
  }

  const std::byte* from_;
  const std::byte* const end_;
  const std::size_t at_most_;
  std::vector<std::byte>& out_;
  const std::size_t start_ = out_.size();
  std::size_t room_ = 0, written_ = 0;
  bool overrun_ = false;
};

}  // namespace

bool decompress_r2007(Bytes in, std::size_t at_most, std::vector<std::byte>& out) {
  return Decompressor(in, at_most, out).run();
}

}  // namespace cad::dwg
