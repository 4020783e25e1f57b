// SPDX-License-Identifier: Apache-2.0
// The cursor itself: the input's first half says what is read, the second half is read. Positions
// stay inside, failure stays, numbers are finite, and what is read again is the same.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "formats/dwg/bit_cursor.hpp"

namespace {

using namespace cad;
using namespace cad::dwg;

constexpr double kMost = 1e12;

void require(bool condition) {
  if (!condition) std::abort();
}

void require_number(double value) { require(std::abs(value) <= kMost); }
void require_point(Vec3 v) {
  require_number(v.x);
  require_number(v.y);
  require_number(v.z);
}

void read_text(BitCursor& in) {
  std::array<unsigned char, 16> buffer{};
  in.raw(buffer.data(), in.rc() & 15);
  require(buffer[15] == 0);
}

void read_number(BitCursor& in, unsigned kind, Version version) {
  switch (kind) {
    case 0: require_number(in.rd()); break;
    case 1: require_number(in.bd()); break;
    case 2: require_number(in.dd(-1.25e7)); break;
    case 3: require_number(in.thickness(version)); break;
    case 4: require_point(in.extrusion(version)); break;
    case 5: require_point(in.bd3()); break;
    default: require_point(in.rd3()); break;
  }
}

void read_one(BitCursor& in, unsigned op) {
  const auto version = static_cast<Version>(op >> 5);
  switch (op & 31) {
    case 0: in.b(); break;
    case 1: require(in.bb() < 4); break;
    case 2: require(in.bbb() < 8); break;
    case 3: in.rc(); break;
    case 4: in.rs(); break;
    case 5: in.rl(); break;
    case 6: in.rll(); break;
    case 7: in.bs(); break;
    case 8: in.bl(); break;
    case 9: require(in.bll() >> 56 == 0); break;
    case 10: require(std::abs(static_cast<double>(in.mc())) < 9.3e18); break;
    case 11: in.umc(); break;
    case 12: require(in.ms() < 1u << 30); break;
    case 13: in.object_type(version); break;
    case 14: static_cast<void>(in.h().resolve(~Handle{0})); break;
    case 15: read_text(in); break;
    case 16: in.skip(in.rll()); break;
    case 17: in.seek(in.rs()); break;
    case 18: in.set_end(in.position() + in.rc()); break;
    case 19: require(in.count(in.rl(), 1 + (op >> 5)) * (1 + (op >> 5)) <= in.bits_left()); break;
    case 20: in.bits(op >> 5 << 3); break;
    default: read_number(in, (op & 31) - 21, version); break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> program(data, size / 2);
  const Bytes bytes = std::as_bytes(std::span(data, size)).subspan(size / 2);
  const std::uint64_t begin = size > 2 ? data[0] & 15u : 0;
  BitCursor in(bytes, begin, bytes.size() * 8 - (begin & 7));
  in.set_max_coordinate(kMost);
  for (const unsigned op : program) {
    const bool was_ok = in.ok();
    const BitCursor before = in;
    read_one(in, op);
    require(in.position() <= in.end() && in.end() <= bytes.size() * 8);
    require(in.end() <= before.end());
    require(was_ok || !in.ok());
    BitCursor again = before;
    read_one(again, op);
    require(again.position() == in.position() && again.ok() == in.ok());
  }
  return 0;
}
