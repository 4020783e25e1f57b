// SPDX-License-Identifier: Apache-2.0
// Copies are done in words that may write up to kSlack - 1 bytes too many, which the next copy
// overwrites; where less room than that is left, byte by byte.
#include "formats/dwg/container/lz77_r2004.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace cad::dwg {
namespace {

constexpr std::size_t kSlack = 16;
constexpr unsigned kEnd = 0x11;

// Copies 16 bytes at a time, at least `count`.
inline void copy_words(std::byte* to, const std::byte* from, std::size_t count) {
  for (std::size_t done = 0; done < count; done += 16) std::memcpy(to + done, from + done, 16);
}

// A period of 2 to 15 bytes: the first word by parts, then words from a multiple of it back.
inline void copy_period(std::byte* to, std::size_t period, std::size_t count) {
  const std::byte* from = to - period;
  if (period >= 8) {
    std::memcpy(to, from, 8);
    std::memcpy(to + 8, from + 8, 8);
  } else {
    for (std::size_t i = 0; i < 16; ++i) to[i] = from[i];
  }
  const std::size_t step = (16 + period - 1) / period * period;
  for (std::size_t done = 16; done < count; done += 16)
    std::memcpy(to + done, to + done - step, 16);
}

struct Decoder {
  const std::byte* in;
  const std::byte* const in_end;
  std::byte* out;
  std::byte* const out_begin;
  std::byte* const out_end;

  std::size_t in_left() const { return static_cast<std::size_t>(in_end - in); }
  std::size_t out_left() const { return static_cast<std::size_t>(out_end - out); }
  unsigned next() { return std::to_integer<unsigned>(*in++); }

  // A byte of 0 adds 255 and continues; the next other byte ends the number. 0 when it never ends.
  std::size_t long_count() {
    std::size_t count = 0;
    while (in != in_end) {
      const unsigned b = next();
      if (b != 0) return count + b;
      count += 255;
    }
    return 0;
  }

  bool literals(std::size_t count) {
    if (count <= kSlack && in_left() >= kSlack && out_left() >= kSlack) {
      std::memcpy(out, in, kSlack);
      in += count;
      out += count;
      return true;
    }
    const std::size_t fits = std::min({count, in_left(), out_left()});
    if (fits != 0) std::memcpy(out, in, fits);
    in += fits;
    out += fits;
    return fits == count;
  }

  bool repeat(std::size_t distance, std::size_t count) {
    if (distance > static_cast<std::size_t>(out - out_begin)) return false;
    if (const std::size_t room = out_left(); room < kSlack || count > room - kSlack) {
      const std::size_t fits = std::min(count, room);
      for (std::size_t i = 0; i < fits; ++i) out[i] = *(out + i - distance);
      out += fits;
      return fits == count;
    }
    if (distance >= 16)
      copy_words(out, out - distance, count);
    else if (distance == 1)
      std::memset(out, std::to_integer<int>(out[-1]), count);
    else
      copy_period(out, distance, count);
    out += count;
    return true;
  }

  // "Literal Length" that started with `code` 0x00 to 0x0F; 0 when it never ends.
  std::size_t literal_count(unsigned code) {
    if (code != 0) return code + 3;
    const std::size_t more = long_count();
    return more == 0 ? 0 : more + 0x0F + 3;
  }

  // "compressedBytes" of opcodes below 0x40; 0 when it never ends.
  std::size_t repeat_count(unsigned opcode, unsigned mask) {
    if (const unsigned count = opcode & mask; count != 0) return count + 2;
    const std::size_t more = long_count();
    return more == 0 ? 0 : more + mask + 2;
  }

  bool run();
  bool repeat_by(unsigned opcode, std::size_t& literal_bits);
};

// Copies what an opcode refers to; the lowest two bits of `literal_bits` say how many literals
// follow. Real files count distances from 1, unlike the specification, and bit 3 of opcodes below
// 0x20 is bit 14 of the distance.
inline bool Decoder::repeat_by(unsigned opcode, std::size_t& literal_bits) {
  if (opcode >= 0x40) {
    if (in == in_end) return false;
    const std::size_t distance = (std::size_t{next()} << 2 | (opcode >> 2 & 3)) + 1;
    literal_bits = opcode;
    return repeat(distance, (opcode >> 4) - 1);
  }
  std::size_t distance = 1;
  std::size_t count = 0;
  if (opcode < 0x20) {
    distance = 0x4000 + (std::size_t{opcode & 8} << 11);
    count = repeat_count(opcode, 7);
  } else {
    count = repeat_count(opcode, 31);
  }
  if (count == 0 || in_left() < 2) return false;
  literal_bits = next();
  distance += literal_bits >> 2 | std::size_t{next()} << 6;
  return repeat(distance, count);
}

// True when the end mark was reached.
bool Decoder::run() {
  if (in == in_end) return false;
  unsigned opcode = next();
  if (opcode > kEnd) {  // a first byte this high is a run of literals by itself
    if (!literals(opcode - kEnd) || in == in_end) return false;
    opcode = next();
  } else if (opcode < 0x10) {
    const std::size_t count = literal_count(opcode);
    if (count == 0 || !literals(count) || in == in_end) return false;
    opcode = next();
  }
  while (opcode != kEnd) {
    if (opcode < 0x10) return false;
    std::size_t literal_bits = 0;
    if (!repeat_by(opcode, literal_bits)) return false;
    std::size_t count = literal_bits & 3;
    if (count == 0) {
      if (in == in_end) return false;
      opcode = next();
      if (opcode >= 0x10) continue;
      count = literal_count(opcode);
      if (count == 0) return false;
    }
    if (!literals(count) || in == in_end) return false;
    opcode = next();
  }
  return true;
}

}  // namespace

Unpacked unpack_r2004(Bytes in, std::span<std::byte> out) {
  Decoder decoder{.in = in.data(),
                  .in_end = in.data() + in.size(),
                  .out = out.data(),
                  .out_begin = out.data(),
                  .out_end = out.data() + out.size()};
  const bool whole = decoder.run();
  return {static_cast<std::size_t>(decoder.out - decoder.out_begin),
          static_cast<std::size_t>(decoder.in - in.data()), whole};
}

}  // namespace cad::dwg
