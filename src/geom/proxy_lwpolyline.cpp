// SPDX-License-Identifier: Apache-2.0
// The LWPOLYLINE of proxy graphics: bits as in a drawing of 2000 and later (ODA 20.4.85), from its
// flags to its widths.
#include "geom/ocs.hpp"
#include "geom/proxy_graphics.hpp"

namespace cad {
namespace {

class Bits {
 public:
  explicit Bits(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }

  std::uint64_t take(unsigned count) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i) value = value << 1 | bit();
    return value;
  }
  std::uint16_t bs() {
    switch (take(2)) {
      case 0: return static_cast<std::uint16_t>(little(2));
      case 1: return static_cast<std::uint16_t>(take(8));
      case 2: return 0;
      default: return 256;
    }
  }
  std::uint32_t bl() {
    switch (take(2)) {
      case 0: return static_cast<std::uint32_t>(little(4));
      case 1: return static_cast<std::uint32_t>(take(8));
      default: return 0;
    }
  }
  double bd() {
    switch (take(2)) {
      case 0: return rd();
      case 1: return 1;
      default: return 0;
    }
  }
  double rd() { return number(little(8)); }
  double dd(double before) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &before, sizeof bits);
    switch (take(2)) {
      case 0: return before;
      case 1: return number((bits & ~0xffffffffull) | little(4));
      case 2: {  // bytes 5 and 6, then 1 to 4
        const std::uint64_t high = little(2);
        return number((bits & 0xffffull << 48) | high << 32 | little(4));
      }
      default: return rd();
    }
  }
  std::size_t count(std::uint32_t claimed, unsigned bits_each) {
    constexpr std::uint32_t kMost = 1'000'000;
    if (claimed <= kMost && claimed <= (bytes_.size() * 8 - at_) / bits_each) return claimed;
    ok_ = false;
    return 0;
  }

 private:
  unsigned bit() {
    if (at_ / 8 >= bytes_.size()) {
      ok_ = false;
      return 0;
    }
    const unsigned value = bytes_[at_ / 8] >> (7 - at_ % 8) & 1u;
    ++at_;
    return value;
  }
  std::uint64_t little(unsigned size) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) value |= take(8) << (8 * i);
    return value;
  }
  double number(std::uint64_t bits) {
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (std::isfinite(value)) return value;
    ok_ = false;
    return 0;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace

ProxyLwPolyline read_proxy_lwpolyline(ProxyBytes& in) {
  ProxyLwPolyline polyline;
  const std::size_t size = in.count(in.rl(), 1);
  Bits bits(in.take(size));
  const std::uint16_t flags = bits.bs();
  const auto has = [flags](unsigned bit) { return (flags & bit) != 0; };
  if (has(4)) bits.bd();  // constant width
  const double elevation = has(8) ? bits.bd() : 0;
  if (has(2)) bits.bd();  // thickness
  Vec3 normal{0, 0, 1};
  if (has(1)) {
    normal.x = bits.bd();
    normal.y = bits.bd();
    normal.z = bits.bd();
  }
  polyline.closed = has(512);
  polyline.vertices.resize(bits.count(bits.bl(), 4));
  const std::size_t bulges = has(16) ? bits.count(bits.bl(), 2) : 0;
  if (has(1024)) bits.bl();  // vertex identifiers
  if (has(32)) bits.bl();    // widths
  LwVertex before;
  for (LwVertex& vertex : polyline.vertices) {
    const bool first = &vertex == polyline.vertices.data();
    vertex.x = first ? bits.rd() : bits.dd(before.x);
    vertex.y = first ? bits.rd() : bits.dd(before.y);
    before = vertex;
  }
  for (std::size_t i = 0; i < bulges && i < polyline.vertices.size(); ++i)
    polyline.vertices[i].bulge = bits.bd();
  const Ocs plane(normal);
  polyline.origin = plane.z * elevation;
  polyline.x = plane.x;
  polyline.y = plane.y;
  if (!bits.ok()) in.fail();
  return polyline;
}

}  // namespace cad
