// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/images.hpp"

#include <utility>

#include "formats/acad/clip.hpp"

namespace cad::dwg {
namespace {

constexpr double kDegrees = 180 / 3.14159265358979323846;
constexpr unsigned kPointBits = 128;

std::uint8_t percent(std::uint8_t value, std::uint8_t otherwise) {
  return value <= 100 ? value : otherwise;
}

void read_points(EntityIn& in, std::uint64_t claimed, std::vector<Vec2>& points) {
  points.resize(in.vertex_count(claimed, kPointBits));
  for (Vec2& point : points) point = in.rd2();
}

Geometry read(EntityIn& in, bool is_wipeout) {
  Image image;
  image.is_wipeout = is_wipeout;
  in.bl();  // class version
  image.position = in.bd3();
  image.u_pixel = in.bd3();
  image.v_pixel = in.bd3();
  image.size_px = in.rd2();
  image.flags = in.ubs();
  image.clipping = in.b();
  image.brightness = percent(in.rc(), 50);
  image.contrast = percent(in.rc(), 50);
  image.fade = percent(in.rc(), 0);
  if (in.from(Version::r2010)) image.clip_inside = in.b();
  image.clip_type = in.bs() == 1 ? 1 : 2;
  read_points(in, image.clip_type == 1 ? 2 : in.ubl(), image.clip);
  acad::drop_closing_point(image.clip);
  const Handle definition = in.handle();
  in.handle();  // reactor
  const auto& definitions = in.loader().image_defs();
  // A wipeout has no picture; what it may name here is 0 or left over.
  if (const auto it = definitions.find(definition); !is_wipeout && it != definitions.end())
    image.definition = it->second;
  return Indirect<Image>(std::move(image));
}

}  // namespace

Geometry read_image(EntityIn& in) { return read(in, false); }
Geometry read_wipeout(EntityIn& in) { return read(in, true); }

// The specification does not have these.
Geometry read_underlay(EntityIn& in) {
  Underlay u;
  if (in.type() == "DWFUNDERLAY") u.kind = Underlay::Kind::dwf;
  if (in.type() == "DGNUNDERLAY") u.kind = Underlay::Kind::dgn;
  in.entity().normal = in.bd3();
  u.position = in.bd3();
  u.rotation_deg = in.bd() * kDegrees;
  u.scale = in.bd3();
  u.flags = in.rc();
  u.contrast = percent(in.rc(), 100);
  u.fade = percent(in.rc(), 0);
  read_points(in, in.ubl(), u.clip);
  const auto& definitions = in.loader().underlay_defs();
  if (const auto it = definitions.find(in.handle()); it != definitions.end())
    u.definition = it->second;
  return Indirect<Underlay>(std::move(u));
}

namespace {

// What OLE data begin with: a mark, the corners from the upper left one clockwise, and more of
// unknown meaning, 128 bytes in all.
constexpr std::size_t kOleHeaderBytes = 128;
constexpr std::uint16_t kOleMark = 0x5580;  // the lowest bits differ

void take_corners(BitCursor data, OleFrame& o) {
  if (data.bits_left() < kOleHeaderBytes * 8 || (data.rs() & 0xfff0) != kOleMark) return;
  o.upper_left = data.rd3();
  data.rd3();  // upper right
  o.lower_right = data.rd3();
  o.has_corners = !data.bad_number();
}

// The data of both are stored alike; that of OLEFRAME has no known header.
Geometry read_ole(EntityIn& in, bool is_ole2) {
  OleFrame o;
  o.is_ole2 = is_ole2;
  in.bs();                               // version
  if (in.from(Version::r2000)) in.bs();  // mode
  o.data_bytes = in.ubl();
  if (o.data_bytes > in.bits_left() / 8) in.fail();
  const std::uint64_t end = in.position() + (in.ok() ? o.data_bytes * 8 : 0);
  if (is_ole2) {
    BitCursor data(in.bytes(), in.position(), end);
    data.set_max_coordinate(in.limits().max_coordinate);
    take_corners(data, o);
  }
  if (in.ok()) in.seek(end);
  if (in.from(Version::r2000)) in.rc();
  return Indirect<OleFrame>(std::move(o));
}

}  // namespace

Geometry read_ole2_frame(EntityIn& in) { return read_ole(in, true); }
Geometry read_ole_frame(EntityIn& in) { return read_ole(in, false); }

void read_image_definition(ObjectIn& in) {
  begin_object(in);
  ImageDef definition;
  definition.handle = in.self();
  in.bl();  // class version
  definition.size_px = in.rd2();
  definition.path = in.text();
  in.b();    // loaded
  in.rc();   // units of its resolution
  in.rd2();  // size of a pixel
  Loader& loader = in.loader();
  if (!in.ok() || !loader.room_for_record()) return;
  std::vector<ImageDef>& all = loader.drawing().image_defs;
  loader.image_defs()[in.self()] = ImageDefId{static_cast<std::uint32_t>(all.size())};
  all.push_back(std::move(definition));
}

void read_underlay_definition(ObjectIn& in) {
  begin_object(in);
  UnderlayDef definition;
  definition.handle = in.self();
  definition.path = in.text();
  definition.page = in.text();
  Loader& loader = in.loader();
  if (!in.ok() || !loader.room_for_record()) return;
  std::vector<UnderlayDef>& all = loader.drawing().underlay_defs;
  loader.underlay_defs()[in.self()] = UnderlayDefId{static_cast<std::uint32_t>(all.size())};
  all.push_back(std::move(definition));
}

}  // namespace cad::dwg
