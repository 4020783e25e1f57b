// SPDX-License-Identifier: Apache-2.0
// REGION, 3DSOLID, BODY (ODA 20.4.41) and the surfaces, which begin alike: ACIS data, then the
// wires that the writing program kept of it.
#include "formats/dwg/acis.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "formats/acad/acis.hpp"

namespace cad::dwg {
namespace {

// The fewest bits of each.
constexpr unsigned kBitsOfPoint = 6, kBitsOfWire = 17, kBitsOfSilhouette = 22;

// The binary form ends in four name tokens: "End", "of", "ACIS" (or "ASM"), "data".
constexpr std::string_view kBinaryEnd =
    "\x0E\x03"
    "End\x0E\x02of\x0E";
constexpr std::string_view kDataToken =
    "\x0D\x04"
    "data";

struct WireTransform {
  Vec3 x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1}, translation;
  double scale = 1;
  Vec3 operator()(Vec3 p) const { return (x * p.x + y * p.y + z * p.z) * scale + translation; }
};

WireTransform read_transform(BitCursor& at) {
  WireTransform t;
  if (!at.b()) return t;
  t.x = at.bd3();
  t.y = at.bd3();
  t.z = at.bd3();
  t.translation = at.bd3();
  t.scale = at.bd();
  at.b();  // has a rotation
  at.b();  // has a reflection
  at.b();  // has a shear
  return t;
}

// Calls take(points) with the points of each wire.
template <class Take>
void read_wires(BitCursor& at, Take&& take) {
  std::vector<Vec3> points;
  const std::size_t wires = at.count(at.ubl(), kBitsOfWire);
  for (std::size_t i = 0; i < wires && at.ok(); ++i) {
    at.rc();   // type
    at.ubl();  // selection marker
    at.bs();   // color
    at.ubl();  // ACIS index
    points.resize(at.count(at.ubl(), kBitsOfPoint));
    for (Vec3& point : points) point = at.bd3();
    const WireTransform transform = read_transform(at);
    for (Vec3& point : points) point = transform(point);
    take(points);
  }
}

void skip_wires(BitCursor& at) {
  read_wires(at, [](const std::vector<Vec3>&) {});
}

// Reads from a copy of the entity's position: what stands behind damage is left, the data before it
// is kept.
class BodyReader {
 public:
  explicit BodyReader(EntityIn& in) : in_(in), at_(in) { body_.type = std::string(in.type()); }
  Geometry read();

 private:
  void read_data();
  void read_text_blocks();
  void read_file();
  void read_wireframe();
  void read_uid();
  void take_stored_data();
  void find_edges();
  void use_wires();

  EntityIn& in_;
  BitCursor at_;
  BitCursor wires_;
  bool has_wires_ = false;
  AcisBody body_;
};

Geometry BodyReader::read() {
  if (in_.from(Version::r2013)) {
    body_.is_external = in_.links().has_data_store;
    take_stored_data();
  } else if (const bool empty = at_.b(); !empty) {
    read_data();
  }
  if (at_.bits_left() > 0 && at_.b()) read_wireframe();
  if (in_.from(Version::r2007)) at_.ubl();
  if (in_.from(Version::r2013)) read_uid();
  if (!at_.ok())
    in_.warn("DWG_SOLID_DAMAGED", "The boundary data of a solid is damaged; edges may be missing.");
  in_.seek(at_.position());
  find_edges();
  return Indirect<AcisBody>(std::move(body_));
}

void BodyReader::read_data() {
  at_.b();
  body_.format_version = at_.ubs();
  if (body_.format_version == 1) read_text_blocks();
  if (body_.format_version == 2) read_file();
}

void BodyReader::read_text_blocks() {
  std::string block;
  for (std::size_t size = at_.count(at_.ubl(), 8); size != 0; size = at_.count(at_.ubl(), 8)) {
    block.resize(size);
    at_.raw(block.data(), size);
    if (body_.sat.size() + size <= in_.limits().max_embedded_bytes)
      acad::decipher_sat(block, body_.sat);
    else
      in_.warn("LIMIT_ACIS", "The boundary data of a solid is longer than what is read.");
  }
}

// A whole ACIS file, whose length nobody states: it ends by what it says.
void BodyReader::read_file() {
  BitCursor rest = at_;
  std::string data(static_cast<std::size_t>(rest.bits_left() / 8), '\0');
  rest.raw(data.data(), data.size());
  const bool binary = data.find("BinaryFile") < 16;
  std::size_t end = data.find(binary ? kBinaryEnd : std::string_view("End-of-A"));
  if (binary && end != std::string::npos) end = data.find(kDataToken, end);
  end = end == std::string::npos ? data.size() : end + kDataToken.size();
  end = std::min(end, data.size());
  at_.skip(end * 8);
  if (end > in_.limits().max_embedded_bytes)
    return in_.warn("LIMIT_ACIS", "The boundary data of a solid is longer than what is read.");
  if (binary) {
    body_.sab.assign(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(end));
  } else {
    body_.sat = std::move(data);
    at_.skip(at_.bits_left());
  }
}

void BodyReader::read_wireframe() {
  if (at_.b()) at_.bd3();  // a point on the body
  at_.ubl();               // isolines on each face
  has_wires_ = at_.b();
  wires_ = at_;
  if (has_wires_) skip_wires(at_);
  const std::size_t silhouettes = at_.count(at_.ubl(), kBitsOfSilhouette);
  for (std::size_t i = 0; i < silhouettes && at_.ok(); ++i) {
    at_.ubl();  // viewport
    at_.bd3();  // its target
    at_.bd3();  // direction from the target
    at_.bd3();  // up
    at_.b();    // perspective
    if (at_.b()) skip_wires(at_);
  }
  if (const bool no_more = at_.b(); !no_more) read_data();
}

// As DXF writes it: {1a113328-eb6d-d44d-824d-78b33668f9e7}, names the data in the data storage.
void BodyReader::read_uid() {
  if (at_.b()) {
    const std::uint32_t first = at_.ubl();
    const std::uint16_t second = at_.ubs(), third = at_.ubs();
    std::array<std::uint8_t, 8> rest{};
    at_.raw(rest.data(), rest.size());
    body_.uid = fmt::format("{{{:08x}-{:04x}-{:04x}-{:02x}{:02x}-{:02x}}}", first, second, third,
                            rest[0], rest[1], fmt::join(rest.begin() + 2, rest.end(), ""));
  }
  at_.ubl();
}

void BodyReader::take_stored_data() {
  const auto stored = in_.loader().solid_data().find(in_.self());
  if (stored == in_.loader().solid_data().end()) {
    if (body_.is_external)
      in_.warn("DWG_SOLID_WITHOUT_DATA",
               "The boundary data of a solid is missing from the drawing; it is not shown.");
    return;
  }
  body_.sab.assign(stored->second.begin(), stored->second.end());
  in_.loader().solid_data().erase(stored);
}

void BodyReader::find_edges() {
  const std::string_view binary(reinterpret_cast<const char*>(body_.sab.data()), body_.sab.size());
  body_.edges = acad::read_wireframe(in_.loader(), binary.empty() ? body_.sat : binary, in_.type());
  if (body_.edges.empty() && has_wires_) use_wires();
}

void BodyReader::use_wires() {
  std::size_t have = 0;
  const auto usable = [most = in_.limits().max_coordinate](Vec3 p) {
    return std::abs(p.x) <= most && std::abs(p.y) <= most && std::abs(p.z) <= most;
  };
  read_wires(wires_, [&](const std::vector<Vec3>& points) {
    for (std::size_t i = 1; i < points.size(); ++i) {
      if (!usable(points[i - 1]) || !usable(points[i])) continue;
      if (!in_.room_for_vertex(have) || !in_.room_for_vertex(have + 1)) return;
      have += 2;
      body_.edges.push_back({points[i - 1], points[i]});
    }
  });
}

}  // namespace

Geometry read_body(EntityIn& in) { return BodyReader(in).read(); }

Geometry read_3dsolid(EntityIn& in) {
  Geometry body = BodyReader(in).read();
  if (in.from(Version::r2007)) in.handle();  // the history of how it was made
  return body;
}

Geometry read_surface(EntityIn& in) {
  Geometry body = BodyReader(in).read();
  in.bs();  // isolines along u
  in.bs();  // along v
  return body;
}

}  // namespace cad::dwg
