// SPDX-License-Identifier: Apache-2.0
// Proxy graphics: any bytes give shapes with finite coordinates and corners that exist, no more of
// them than the bytes have room for.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "geom/proxy_graphics.hpp"

namespace {

constexpr double kMost = 1e15;

void check(cad::Vec3 p) {
  if (!std::isfinite(p.x + p.y + p.z)) std::abort();
}
void check(const cad::ProxyPolyline& polyline) {
  for (const cad::Vec3 p : polyline.points) check(p);
}
void check(const cad::ProxyLwPolyline& polyline) {
  for (const cad::LwVertex& v : polyline.vertices)
    check(polyline.origin + polyline.x * v.x + polyline.y * v.y);
}
void check(const cad::ProxyArc& arc) { check(arc.center + arc.u + arc.v); }
void check(const cad::ProxyShell& shell) {
  for (const cad::Vec3 p : shell.points) check(p);
  for (const std::uint32_t corner : shell.corners)
    if (corner >= shell.points.size()) std::abort();
  for (const auto& edge : shell.edges)
    if (edge.from >= shell.points.size() || edge.to >= shell.points.size()) std::abort();
  for (const auto& loop : shell.loops)
    if (loop.first + std::uint64_t{loop.count} > shell.corners.size()) std::abort();
}
void check(const cad::ProxyText& text) {
  check(text.origin);
  if (!cad::is_valid_utf8(text.value)) std::abort();
}
void check(const cad::ProxyRay&) {}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cad::ProxyGraphics graphics({data, size}, {}, kMost);
  std::size_t shapes = 0;
  while (const cad::ProxyShape* const shape = graphics.next()) {
    if (++shapes > size / 8) std::abort();
    std::visit([](const auto& one) { check(one); }, *shape);
  }
  return 0;
}
