// SPDX-License-Identifier: Apache-2.0
// The bit codes of DWG in the other direction (ODA chapter 2), to assemble input by hand in tests.
// Where a code has several forms the shortest is written; the `_as` functions name the form.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/vec.hpp"
#include "formats/dwg/bytes.hpp"
#include "formats/dwg/version.hpp"

namespace cad::dwg::testing {

class BitWriter {
 public:
  std::uint64_t position() const { return bits_; }  // in bits
  const std::vector<std::byte>& bytes() const { return bytes_; }

  BitWriter& bits(std::uint64_t value, unsigned count) {
    for (unsigned i = count; i-- > 0;) bit((value >> i & 1) != 0);
    return *this;
  }
  BitWriter& append(const BitWriter& other) {
    for (std::uint64_t i = 0; i < other.bits_; ++i)
      bit((std::to_integer<unsigned>(other.bytes_[i / 8]) >> (7 - i % 8) & 1) != 0);
    return *this;
  }
  BitWriter& pad_to_byte(bool with = false) {
    while (bits_ % 8 != 0) bit(with);
    return *this;
  }
  // Replaces bits that were written before.
  void overwrite(std::uint64_t at, const BitWriter& with) {
    assert(at + with.bits_ <= bits_);
    for (std::uint64_t i = 0; i < with.bits_; ++i) {
      const auto mask = static_cast<std::byte>(0x80u >> (at + i) % 8);
      const bool on = (with.bytes_[i / 8] & static_cast<std::byte>(0x80u >> i % 8)) != std::byte{};
      std::byte& byte = bytes_[(at + i) / 8];
      byte = on ? byte | mask : byte & ~mask;
    }
  }

  BitWriter& b(bool value) { return bit(value); }
  BitWriter& bb(unsigned value) { return bits(value, 2); }
  BitWriter& bbb(unsigned value) { return bits(value, 3); }
  BitWriter& rc(std::uint64_t value) { return bits(value & 0xff, 8); }
  BitWriter& rs(std::uint64_t value) { return little_endian(value, 2); }
  BitWriter& rl(std::uint64_t value) { return little_endian(value, 4); }
  BitWriter& rll(std::uint64_t value) { return little_endian(value, 8); }
  BitWriter& rd(double value) { return rll(std::bit_cast<std::uint64_t>(value)); }
  BitWriter& rd2(Vec2 v) { return rd(v.x).rd(v.y); }
  BitWriter& rd3(Vec3 v) { return rd(v.x).rd(v.y).rd(v.z); }

  BitWriter& bs(std::int32_t value) {
    if (value == 0) return bs_as(2, value);
    if (value == 256) return bs_as(3, value);
    return bs_as(value > 0 && value < 256 ? 1 : 0, value);
  }
  BitWriter& bs_as(unsigned form, std::int32_t value) {
    bb(form);
    if (form == 0) rs(static_cast<std::uint64_t>(value));
    if (form == 1) rc(static_cast<std::uint64_t>(value));
    return *this;
  }
  BitWriter& bl(std::int64_t value) {
    if (value == 0) return bl_as(2, value);
    return bl_as(value > 0 && value < 256 ? 1 : 0, value);
  }
  BitWriter& bl_as(unsigned form, std::int64_t value) {
    bb(form);
    if (form == 0) rl(static_cast<std::uint64_t>(value));
    if (form == 1) rc(static_cast<std::uint64_t>(value));
    return *this;
  }
  BitWriter& bll(std::uint64_t value) {
    unsigned size = 0;
    while (size < 7 && value >> (8 * size) != 0) ++size;
    return bbb(size).little_endian(value, size);
  }
  BitWriter& bd(double value) {
    const auto stored = std::bit_cast<std::uint64_t>(value);  // -0 is no 0
    if (stored == 0) return bb(2);
    if (value == 1) return bb(1);
    return bb(0).rd(value);
  }
  BitWriter& bd2(Vec2 v) { return bd(v.x).bd(v.y); }
  BitWriter& bd3(Vec3 v) { return bd(v.x).bd(v.y).bd(v.z); }
  BitWriter& dd(double value, double otherwise) {
    const auto now = std::bit_cast<std::uint64_t>(value);
    const std::uint64_t changed = now ^ std::bit_cast<std::uint64_t>(otherwise);
    if (changed == 0) return bb(0);
    if (changed >> 32 == 0) return bb(1).rl(now);
    if (changed >> 48 == 0) return bb(2).rs(now >> 32).rl(now);
    return bb(3).rd(value);
  }
  BitWriter& dd2(Vec2 v, Vec2 otherwise) { return dd(v.x, otherwise.x).dd(v.y, otherwise.y); }
  BitWriter& thickness(double value, Version version) {  // BT
    if (version < Version::r2000) return bd(value);
    return value == 0 ? b(true) : b(false).bd(value);
  }
  BitWriter& extrusion(Vec3 v, Version version) {  // BE
    if (version < Version::r2000) return bd3(v);
    return v == Vec3{0, 0, 1} ? b(true) : b(false).bd3(v);
  }

  BitWriter& mc(std::int64_t value) {
    std::uint64_t rest =
        value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    for (; rest > 0x3f; rest >>= 7) rc(0x80 | (rest & 0x7f));
    return rc(rest | (value < 0 ? 0x40u : 0u));
  }
  BitWriter& umc(std::uint64_t value) {
    for (; value > 0x7f; value >>= 7) rc(0x80 | (value & 0x7f));
    return rc(value);
  }
  BitWriter& ms(std::uint32_t value) {
    if (value < 0x8000) return rs(value);
    return rs(0x8000 | (value & 0x7fff)).rs(value >> 15);
  }
  BitWriter& object_type(std::uint16_t type, Version version) {
    if (version < Version::r2010) return bs(type);
    if (type < 0x100) return bb(0).rc(type);
    if (type >= 0x1f0 && type < 0x2f0) return bb(1).rc(type - 0x1f0u);
    return bb(2).rs(type);
  }
  BitWriter& h(unsigned code, std::uint64_t value) {
    unsigned size = 0;
    while (size < 8 && value >> (8 * size) != 0) ++size;
    bits(code, 4).bits(size, 4);
    for (unsigned i = size; i-- > 0;) rc(value >> (8 * i));
    return *this;
  }

  BitWriter& raw(std::string_view bytes) {
    for (const char c : bytes) rc(static_cast<unsigned char>(c));
    return *this;
  }
  BitWriter& t8(std::string_view bytes) {  // TV before 2007
    return bs(static_cast<std::int32_t>(bytes.size())).raw(bytes);
  }
  BitWriter& tu(std::u16string_view units) {  // TU; TV from 2007 on
    bs(static_cast<std::int32_t>(units.size()));
    for (const char16_t unit : units) rs(unit);
    return *this;
  }

 private:
  BitWriter& bit(bool on) {
    if (bits_ % 8 == 0) bytes_.emplace_back();
    if (on) bytes_.back() |= static_cast<std::byte>(0x80u >> bits_ % 8);
    ++bits_;
    return *this;
  }
  BitWriter& little_endian(std::uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) rc(value >> (8 * i));
    return *this;
  }

  std::vector<std::byte> bytes_;
  std::uint64_t bits_ = 0;
};

}  // namespace cad::dwg::testing
