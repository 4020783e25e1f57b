// SPDX-License-Identifier: Apache-2.0
// What the entity readers share: coordinates by group code, integers kept inside their meaning, and
// long strings that the file cuts into chunks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/vec.hpp"
#include "formats/acad/colors.hpp"
#include "formats/acad/xdata.hpp"
#include "formats/dxf/entity_tags.hpp"
#include "model/style.hpp"

namespace cad::dxf {

// Groups 1n, 2n and 3n (11n, 12n, 13n; 21n, 22n, 23n) hold x, y and z of one point. True when the
// present group belongs to the point whose x has group `x_code`, which then takes it.
inline bool take_point(EntityTags& in, int x_code, Vec3& p) {
  const int axis = in.code() - x_code;
  if (axis == 0)
    p.x = in.number();
  else if (axis == 10)
    p.y = in.number();
  else if (axis == 20)
    p.z = in.number();
  else
    return false;
  return true;
}

inline bool take_point(EntityTags& in, int x_code, Vec2& p) {
  const int axis = in.code() - x_code;
  if (axis == 0)
    p.x = in.number();
  else if (axis == 10)
    p.y = in.number();
  else
    return axis == 20;
  return true;
}

// Lists: the x group starts a new point, y and z complete the last one.
template <class Point>
bool take_points(EntityTags& in, int x_code, std::vector<Point>& points) {
  const int axis = in.code() - x_code;
  if (axis != 0 && axis != 10 && axis != 20) return false;
  if (axis == 0) {
    in.point_dropped = !in.room_for_vertex(points.size());
    if (!in.point_dropped) points.emplace_back();
  }
  if (!in.point_dropped && !points.empty()) take_point(in, x_code, points.back());
  return true;
}

// True while an item that takes `bytes` of memory may still be stored: large items count as several
// vertices of the drawing's total.
inline bool room_for_item(EntityTags& in, std::size_t have, std::size_t bytes) {
  for (std::size_t taken = 0; taken < bytes; taken += sizeof(Vec3))
    if (!in.room_for_vertex(have)) return false;
  return true;
}

// The value if it lies in [low, high], else `otherwise`.
template <class T>
T integer_in(EntityTags& in, std::int64_t low, std::int64_t high, T otherwise) {
  const std::int64_t value = in.integer();
  return value >= low && value <= high ? static_cast<T>(value) : otherwise;
}

// Bit fields and plain integers: what does not fit the type is damage and becomes 0.
template <class T>
T integer_as(EntityTags& in) {
  return integer_in<T>(in, static_cast<std::int64_t>(std::numeric_limits<T>::min()),
                       static_cast<std::int64_t>(std::numeric_limits<T>::max()), T{});
}

// Raw bytes of a chunked string: chunks are cut by bytes, so a character may span two of them and
// only the whole can be decoded.
inline void append_chunk(EntityTags& in, std::string& bytes) {
  const std::string_view chunk = in.raw();
  if (bytes.size() + chunk.size() > in.limits().max_string_bytes) {
    in.warn("STRING_TOO_LONG", "A text longer than the limit was cut.");
    return;
  }
  bytes.append(chunk);
}

// Extended data of one application; complete when next() has returned false.
inline std::span<const XdataItem> xdata_of(const EntityTags& in, std::string_view app) {
  const XdataApp* data = in.xdata(app);
  return data ? std::span<const XdataItem>(data->items) : std::span<const XdataItem>();
}

inline double bounded(const EntityTags& in, double value) {
  return acad::bounded(value, in.limits().max_coordinate);
}

inline Vec3 bounded(const EntityTags& in, Vec3 p) {
  return {bounded(in, p.x), bounded(in, p.y), bounded(in, p.z)};
}

// Behind group 101: an object inside the entity, with codes of its own.
inline bool in_embedded_object(const EntityTags& in) { return in.subclass() == "Embedded Object"; }

using acad::color_of_aci;
using acad::color_of_raw;
using acad::handle_of;

// Group 420/421 style: 0x00RRGGBB.
inline Rgb rgb_of(std::int64_t value) {
  const auto byte = [&](int shift) { return static_cast<std::uint8_t>(value >> shift & 0xff); };
  return {byte(16), byte(8), byte(0)};
}

}  // namespace cad::dxf
