// SPDX-License-Identifier: Apache-2.0
#include "geom/proxy_graphics.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "geom/ocs.hpp"

namespace cad {
namespace {

enum Type : std::uint32_t {
  kCircle = 2,
  kCircleOfPoints = 3,
  kArc = 4,
  kArcOfPoints = 5,
  kPolyline = 6,
  kPolygon = 7,
  kMesh = 8,
  kShell = 9,
  kText = 10,
  kStyledText = 11,
  kXLine = 12,
  kRay = 13,
  kColor = 14,
  kLayer = 16,
  kLinetype = 18,
  kFill = 20,
  kTrueColor = 22,
  kLineweight = 23,
  kLinetypeScale = 24,
  kPushClip = 27,
  kPush = 29,
  kPush2 = 30,
  kPop = 31,
  kPolylineWithNormal = 32,
  kLwPolyline = 33,
  kUnicodeText = 36,
  kStyledUnicodeText = 38
};
constexpr std::size_t kMostMaps = 64;
constexpr double kPi = std::numbers::pi;

Color color_of_index(std::uint32_t index) {
  if (index == 0) return {Color::Kind::by_block, 7, {}};
  if (index <= 255) return Color::aci(static_cast<std::uint8_t>(index));
  return {};
}

// As drawings store packed colors: the high byte says what the others are.
std::optional<Color> color_of_packed(std::uint32_t bits) {
  const auto byte = [bits](int shift) { return static_cast<std::uint8_t>(bits >> shift); };
  switch (bits >> 24) {
    case 0xC0: return Color{};
    case 0xC1: return Color{Color::Kind::by_block, 7, {}};
    case 0xC2: return Color{Color::Kind::rgb, 7, {byte(16), byte(8), byte(0)}};
    case 0xC3: return color_of_index(bits & 0xffff);
    case 0xC5: return Color::aci(7);
    default: return {};
  }
}

std::uint32_t linetype_of(std::uint32_t place) {
  if (place == 32767) return kProxyByLayer;
  return place == 32766 ? kProxyByBlock : place;
}

std::int16_t lineweight_of(std::uint32_t value) {
  switch (static_cast<std::int32_t>(value)) {
    case -1: return kLineweightByLayer;
    case -2: return kLineweightByBlock;
    default: return value <= 211 ? static_cast<std::int16_t>(value) : kLineweightDefault;
  }
}

bool is_within(Vec3 p, double most) {
  return std::fabs(p.x) <= most && std::fabs(p.y) <= most && std::fabs(p.z) <= most;
}

ProxyArc arc_around(Vec3 center, double radius, Vec3 normal) {
  const Ocs plane(normal);
  return {center, plane.x * radius, plane.y * radius, 2 * kPi, ProxyArc::Kind::circle};
}

// The circle through three points, from the first to the last; none when they are in line.
std::optional<ProxyArc> arc_through(Vec3 a, Vec3 b, Vec3 c) {
  const Vec3 ab = b - a, ac = c - a, normal = cross(ab, ac);
  const double square = dot(normal, normal);
  const double size = length(ab) * length(ac);
  if (!(square > 1e-20 * size * size)) return {};
  ProxyArc arc;
  arc.center =
      a + (cross(normal, ab) * dot(ac, ac) + cross(ac, normal) * dot(ab, ab)) * (0.5 / square);
  arc.u = a - arc.center;
  arc.v = cross(normal * (1 / std::sqrt(square)), arc.u);
  const Vec3 end = c - arc.center;
  arc.sweep = std::atan2(dot(end, arc.v), dot(end, arc.u));
  if (arc.sweep <= 0) arc.sweep += 2 * kPi;
  return arc;
}

ProxyArc::Kind arc_kind(std::uint32_t type) {
  return type == 1   ? ProxyArc::Kind::sector
         : type == 2 ? ProxyArc::Kind::chord
                     : ProxyArc::Kind::open;
}

}  // namespace

ProxyGraphics::ProxyGraphics(std::span<const std::uint8_t> bytes, const CadText& encoding,
                             double max_coordinate)
    : bytes_(bytes), encoding_(encoding), max_coordinate_(max_coordinate) {
  bytes_.skip(8);  // their size, number of chunks
}

const ProxyShape* ProxyGraphics::next() {
  while (bytes_.left() >= 8) {
    const std::uint32_t size = bytes_.rl();
    const std::uint32_t type = bytes_.rl();
    if (size < 8 || size - 8 > bytes_.left()) {
      damaged_ = true;
      return nullptr;
    }
    if (take(type, ProxyBytes(bytes_.take(size - 8)))) return &shape_;
  }
  return nullptr;
}

bool ProxyGraphics::take(std::uint32_t type, ProxyBytes in) {
  bool shows = false;
  switch (type) {
    case kCircle: shows = take_circle(in, false); break;
    case kCircleOfPoints: shows = take_circle(in, true); break;
    case kArc: shows = take_arc(in, false); break;
    case kArcOfPoints: shows = take_arc(in, true); break;
    case kPolyline:
    case kPolylineWithNormal: shows = take_polyline(in, false); break;
    case kPolygon: shows = take_polyline(in, true); break;
    case kLwPolyline: shows = place(read_proxy_lwpolyline(in)); break;
    case kMesh: shows = place(read_proxy_mesh(in)); break;
    case kShell: shows = place(read_proxy_shell(in)); break;
    case kText: shows = place(read_proxy_text(in, ProxyString::bytes, encoding_)); break;
    case kStyledText:
      shows = place(read_proxy_styled_text(in, ProxyString::bytes, encoding_));
      break;
    case kUnicodeText: shows = place(read_proxy_text(in, ProxyString::utf16, encoding_)); break;
    case kStyledUnicodeText:
      shows = place(read_proxy_styled_text(in, ProxyString::utf16, encoding_));
      break;
    case kXLine: shows = take_ray(in, true); break;
    case kRay: shows = take_ray(in, false); break;
    case kPushClip: clips_ = true; break;
    case kPush:
    case kPush2: push(in); break;
    case kPop:
      if (ignored_maps_ > 0) {
        --ignored_maps_;
      } else if (!maps_.empty()) {
        maps_.pop_back();
      }
      break;
    default: take_trait(type, in); break;
  }
  damaged_ = damaged_ || !in.ok();
  return shows && in.ok();
}

void ProxyGraphics::take_trait(std::uint32_t type, ProxyBytes& in) {
  ProxyTraits set = traits_;
  switch (type) {
    case kColor:
      if (const std::uint32_t index = in.rl(); index <= 256) set.color = color_of_index(index);
      break;
    case kTrueColor:
      if (const auto color = color_of_packed(in.rl())) set.color = color;
      break;
    case kLayer: set.layer = in.rl(); break;
    case kLinetype: set.linetype = linetype_of(in.rl()); break;
    case kLineweight: set.lineweight = lineweight_of(in.rl()); break;
    case kLinetypeScale: set.linetype_scale = in.rd(); break;
    case kFill: set.filled = in.rl() == 1; break;
    default: return;  // markers, plot styles, materials ...: nothing to see
  }
  if (in.ok()) traits_ = set;
}

void ProxyGraphics::push(ProxyBytes& in) {
  Map map;
  for (const auto& [row, shift] :
       {std::pair{&map.x, &map.origin.x}, {&map.y, &map.origin.y}, {&map.z, &map.origin.z}}) {
    *row = in.rd3();
    *shift = in.rd();
  }
  if (!in.ok() || maps_.size() >= kMostMaps) {
    damaged_ = true;
    ++ignored_maps_;
    return;
  }
  if (!maps_.empty()) {
    const Map& outer = maps_.back();
    const Map inner = map;
    const auto row = [&inner](Vec3 r) { return inner.x * r.x + inner.y * r.y + inner.z * r.z; };
    map = {row(outer.x), row(outer.y), row(outer.z), outer(inner.origin)};
  }
  maps_.push_back(map);
}

bool ProxyGraphics::take_circle(ProxyBytes& in, bool through_points) {
  const Vec3 first = in.rd3();
  if (!through_points) {
    const double radius = in.rd();
    return place(arc_around(first, radius, in.rd3()));
  }
  const Vec3 second = in.rd3();
  auto arc = arc_through(first, second, in.rd3());
  if (!arc) return false;
  arc->sweep = 2 * kPi;
  arc->kind = ProxyArc::Kind::circle;
  return place(*arc);
}

bool ProxyGraphics::take_arc(ProxyBytes& in, bool through_points) {
  const Vec3 first = in.rd3();
  if (through_points) {
    const Vec3 second = in.rd3();
    const Vec3 third = in.rd3();
    auto arc = arc_through(first, second, third);
    if (!arc) return place(ProxyPolyline{{first, second, third}, false});
    arc->kind = arc_kind(in.rl());
    return place(*arc);
  }
  const double radius = in.rd();
  const Vec3 normal = Ocs(in.rd3()).z;
  const Vec3 start = in.rd3();
  ProxyArc arc;
  arc.center = first;
  if (!(length(start) > 1e-12)) return false;
  arc.u = start * (radius / length(start));
  arc.v = cross(normal, arc.u);
  arc.sweep = std::clamp(in.rd(), -2 * kPi, 2 * kPi);
  arc.kind = arc_kind(in.rl());
  return place(arc);
}

bool ProxyGraphics::take_polyline(ProxyBytes& in, bool closed) {
  ProxyPolyline polyline;
  polyline.closed = closed;
  polyline.points.resize(in.count(in.rl(), 3 * sizeof(double)));
  for (Vec3& point : polyline.points) point = in.rd3();
  return place(std::move(polyline));
}

bool ProxyGraphics::take_ray(ProxyBytes& in, bool both_ways) {
  ProxyRay ray;
  ray.base = in.rd3();
  ray.direction = in.rd3() - ray.base;
  ray.both_ways = both_ways;
  if (!maps_.empty()) {
    ray.base = maps_.back()(ray.base);
    ray.direction = maps_.back().direction(ray.direction);
  }
  const bool fits =
      is_within(ray.base, max_coordinate_) && is_within(ray.direction, max_coordinate_);
  damaged_ = damaged_ || !fits;
  shape_ = ray;
  return fits && length(ray.direction) > 0;
}

bool ProxyGraphics::place(ProxyPolyline polyline) {
  if (!maps_.empty())
    for (Vec3& point : polyline.points) point = maps_.back()(point);
  const bool fits =
      std::ranges::all_of(polyline.points, [&](Vec3 p) { return is_within(p, max_coordinate_); });
  damaged_ = damaged_ || !fits;
  const bool shows = fits && polyline.points.size() > 1;
  shape_ = std::move(polyline);
  return shows;
}

bool ProxyGraphics::place(ProxyLwPolyline polyline) {
  if (!maps_.empty()) {
    const Map& map = maps_.back();
    polyline.origin = map(polyline.origin);
    polyline.x = map.direction(polyline.x);
    polyline.y = map.direction(polyline.y);
  }
  const bool fits = std::ranges::all_of(polyline.vertices, [&](const LwVertex& v) {
    return is_within(polyline.origin + polyline.x * v.x + polyline.y * v.y, max_coordinate_);
  });
  damaged_ = damaged_ || !fits;
  const bool shows = fits && polyline.vertices.size() > 1;
  shape_ = std::move(polyline);
  return shows;
}

bool ProxyGraphics::place(ProxyArc arc) {
  if (!maps_.empty()) {
    const Map& map = maps_.back();
    arc.center = map(arc.center);
    arc.u = map.direction(arc.u);
    arc.v = map.direction(arc.v);
  }
  const bool fits = is_within(arc.center, max_coordinate_) && is_within(arc.u, max_coordinate_) &&
                    is_within(arc.v, max_coordinate_);
  damaged_ = damaged_ || !fits;
  shape_ = arc;
  return fits;
}

bool ProxyGraphics::place(ProxyShell shell) {
  if (!maps_.empty())
    for (Vec3& point : shell.points) point = maps_.back()(point);
  const bool fits =
      std::ranges::all_of(shell.points, [&](Vec3 p) { return is_within(p, max_coordinate_); });
  damaged_ = damaged_ || !fits;
  shape_ = std::move(shell);
  return fits;
}

bool ProxyGraphics::place(ProxyText text) {
  if (!maps_.empty()) {
    const Map& map = maps_.back();
    text.origin = map(text.origin);
    text.x = map.direction(text.x);
    text.y = map.direction(text.y);
  }
  const bool fits = is_within(text.origin, max_coordinate_) && is_within(text.x, max_coordinate_) &&
                    is_within(text.y, max_coordinate_) && std::fabs(text.height) <= max_coordinate_;
  damaged_ = damaged_ || !fits;
  const bool shows = fits && !text.value.empty();
  shape_ = std::move(text);
  return shows;
}

}  // namespace cad
