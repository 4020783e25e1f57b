// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/images.hpp"

#include <utility>

#include "formats/acad/clip.hpp"
#include "formats/dxf/fields.hpp"

namespace cad::dxf {
namespace {

std::uint8_t percent(EntityTags& in, std::uint8_t otherwise) {
  return integer_in<std::uint8_t>(in, 0, 100, otherwise);
}

void take_image_group(EntityTags& in, Image& image) {
  switch (in.code()) {
    case 70: image.flags = integer_as<std::uint16_t>(in); break;
    case 71: image.clip_type = integer_in<std::uint8_t>(in, 1, 2, 1); break;
    case 280: image.clipping = in.flag(); break;
    case 281: image.brightness = percent(in, 50); break;
    case 282: image.contrast = percent(in, 50); break;
    case 283: image.fade = percent(in, 0); break;
    case 290: image.clip_inside = in.flag(); break;
    case 340:
      // A wipeout has no picture; what it may name here is 0 or left over.
      if (!image.is_wipeout) image.definition = in.names().image_def(in.handle());
      break;
    default: break;
  }
}

Geometry read(EntityTags& in, bool is_wipeout) {
  Image image;
  image.is_wipeout = is_wipeout;
  while (in.next()) {
    if (take_point(in, 10, image.position) || take_point(in, 11, image.u_pixel) ||
        take_point(in, 12, image.v_pixel) || take_point(in, 13, image.size_px) ||
        take_points(in, 14, image.clip))
      continue;
    take_image_group(in, image);
  }
  acad::drop_closing_point(image.clip);
  return Indirect<Image>(std::move(image));
}

void take_underlay_group(EntityTags& in, Underlay& u) {
  switch (in.code()) {
    case 41: u.scale.x = in.number(); break;
    case 42: u.scale.y = in.number(); break;
    case 43: u.scale.z = in.number(); break;
    case 50: u.rotation_deg = in.number(); break;
    case 280: u.flags = integer_as<std::uint16_t>(in); break;
    case 281: u.contrast = percent(in, 100); break;
    case 282: u.fade = percent(in, 0); break;
    case 340: u.definition = in.names().underlay_def(in.handle()); break;
    default: break;
  }
}

}  // namespace

Geometry read_image(EntityTags& in) { return read(in, false); }
Geometry read_wipeout(EntityTags& in) { return read(in, true); }

Geometry read_underlay(EntityTags& in) {
  Underlay u;
  if (in.type() == "DWFUNDERLAY") u.kind = Underlay::Kind::dwf;
  if (in.type() == "DGNUNDERLAY") u.kind = Underlay::Kind::dgn;
  while (in.next()) {
    if (!take_point(in, 10, u.position) && !take_points(in, 11, u.clip)) take_underlay_group(in, u);
  }
  return Indirect<Underlay>(std::move(u));
}

Geometry read_ole_frame(EntityTags& in) {
  OleFrame o;
  o.is_ole2 = in.type() != "OLEFRAME";
  std::string chunk;
  while (in.next()) {
    if (in.code() == 10 || in.code() == 11) o.has_corners = true;
    if (take_point(in, 10, o.upper_left) || take_point(in, 11, o.lower_right)) continue;
    switch (in.code()) {
      case 3: o.description = in.text(); break;
      case 71: o.object_kind = integer_in<std::uint8_t>(in, 0, 3, 0); break;
      case 310:
        chunk.clear();
        in.append_binary(chunk);
        o.data_bytes += chunk.size();
        break;
      default: break;
    }
  }
  return Indirect<OleFrame>(std::move(o));
}

}  // namespace cad::dxf
