// SPDX-License-Identifier: Apache-2.0
// MULTILEADER (ODA 20.4.48) with the annotation context that stands inside it (20.4.86).
#include "formats/dwg/mleader.hpp"

#include <utility>

namespace cad::dwg {
namespace {

template <class T>
T within(std::int32_t value, std::int32_t low, std::int32_t high, T otherwise) {
  return value >= low && value <= high ? static_cast<T>(value) : otherwise;
}

// Roots, lines, breaks and attributes all count as vertices: as many as their size takes.
struct Budget {
  EntityIn& in;
  std::size_t items = 0;
  bool room(std::size_t bytes) {
    for (std::size_t taken = 0; taken < bytes; taken += sizeof(Vec3))
      if (!in.room_for_vertex(items)) return false;
    ++items;
    return true;
  }
};

void read_points(Budget& budget, MLeaderLine& line) {
  EntityIn& in = budget.in;
  const std::size_t claimed = in.count(in.ubl(), 6);
  for (std::size_t i = 0; i < claimed && in.ok(); ++i) {
    const Vec3 point = in.bd3();
    if (line.vertices.size() == i && budget.room(sizeof(Vec3))) line.vertices.push_back(point);
  }
}

void read_breaks(Budget& budget, MLeaderLine& line) {
  EntityIn& in = budget.in;
  if (in.bl() == 0) return;
  in.bl();  // segment
  const std::size_t claimed = in.count(in.ubl(), 12);
  for (std::size_t i = 0; i < claimed && in.ok(); ++i) {
    const Vec3 start = in.bd3();
    const Vec3 end = in.bd3();
    if (line.breaks.size() == i && budget.room(sizeof(MLeaderLine::Break)))
      line.breaks.push_back({start, end});
  }
}

MLeaderLine read_line(Budget& budget) {
  EntityIn& in = budget.in;
  MLeaderLine line;
  read_points(budget, line);
  read_breaks(budget, line);
  line.index = in.bl();
  if (in.from(Version::r2010)) {
    in.bs();  // straight or spline
    line.color = in.color();
    in.handle();  // linetype
    in.bl();      // lineweight
    in.bd();      // arrow size
    in.handle();  // arrow
    in.bl();      // which of these override
  }
  return line;
}

MLeaderRoot read_root(Budget& budget) {
  EntityIn& in = budget.in;
  MLeaderRoot root;
  root.has_connection = in.b();
  root.has_dogleg = in.b();
  root.connection = in.bd3();
  root.dogleg_vector = in.bd3();
  const std::size_t breaks = in.count(in.ubl(), 12);
  for (std::size_t i = 0; i < breaks && in.ok(); ++i) {
    in.bd3();
    in.bd3();
  }
  root.index = in.bl();
  root.dogleg_length = in.bd();
  const std::size_t lines = in.count(in.ubl(), 8);
  for (std::size_t i = 0; i < lines && in.ok(); ++i) {
    const bool room = budget.room(sizeof(MLeaderLine));
    MLeaderLine line = read_line(budget);
    if (room) root.lines.push_back(std::move(line));
  }
  if (in.from(Version::r2010)) root.attached_vertically = in.bs() != 0;
  return root;
}

void read_text_content(EntityIn& in, MLeader& m) {
  m.text_raw = in.text();
  m.text_normal = in.bd3();
  m.text_style = in.loader().text_style(in.handle());
  m.text_position = in.bd3();
  m.text_direction = in.bd3();
  m.text_rotation = in.bd();
  m.text_width = in.bd();
  m.text_defined_height = in.bd();
  m.text_line_spacing = in.bd();
  m.text_line_spacing_style = within<std::uint8_t>(in.bs(), 1, 2, 1);
  m.text_color = in.color();
  m.text_attachment = within<std::uint8_t>(in.bs(), 1, 3, 1);
  m.text_flow = within<std::uint8_t>(in.bs(), 1, 5, 5);
  m.text_background_color = in.color();
  m.text_background_scale = in.bd();
  in.bl();  // transparency of the background
  in.b();   // background color
  m.text_background = in.b();
  in.bs();  // columns
  in.b();   // height by its content
  in.bd();  // width of a column
  in.bd();  // gutter
  in.b();   // columns reversed
  const std::size_t columns = in.count(in.ubl(), 2);
  for (std::size_t i = 0; i < columns && in.ok(); ++i) in.bd();
  in.b();  // words may be broken
  in.b();  // unknown
}

void read_block_content(EntityIn& in, MLeader& m) {
  m.block = in.loader().block(in.handle());
  m.block_normal = in.bd3();
  m.block_position = in.bd3();
  m.block_scale = in.bd3();
  m.block_rotation = in.bd();
  m.block_color = in.color();
  for (int i = 0; i < 16; ++i) in.bd();  // the same as a matrix
}

void read_context(Budget& budget, MLeader& m) {
  EntityIn& in = budget.in;
  const std::size_t roots = in.count(in.ubl(), 22);
  for (std::size_t i = 0; i < roots && in.ok(); ++i) {
    const bool room = budget.room(sizeof(MLeaderRoot));
    MLeaderRoot root = read_root(budget);
    if (room) m.roots.push_back(std::move(root));
  }
  m.scale = in.bd();
  m.base_point = in.bd3();
  m.char_height = m.text_height = in.bd();
  m.arrow_size = in.bd();
  m.landing_gap = in.bd();
  in.bs();  // attachment on the left
  in.bs();  // on the right
  in.bs();  // alignment of the text
  in.bs();  // attachment of the block
  m.has_text = in.b();
  if (m.has_text) {
    read_text_content(in, m);
  } else {
    m.has_block = in.b();
    if (m.has_block) read_block_content(in, m);
  }
  m.plane_origin = in.bd3();
  m.plane_x = in.bd3();
  m.plane_y = in.bd3();
  in.b();  // normal reversed
  if (in.from(Version::r2010)) {
    in.bs();  // attachment at the top
    in.bs();  // at the bottom
  }
}

void read_arrows(EntityIn& in) {
  const std::size_t arrows = in.count(in.ubl(), 1);
  for (std::size_t i = 0; i < arrows && in.ok() && in.handles().ok(); ++i) {
    in.b();  // default
    in.handle();
  }
}

void read_block_attributes(Budget& budget, MLeader& m) {
  EntityIn& in = budget.in;
  const std::size_t claimed = in.count(in.ubl(), 4);
  for (std::size_t i = 0; i < claimed && in.all_ok(); ++i) {
    MLeader::BlockAttribute attribute;
    attribute.definition = in.handle();
    attribute.text = in.text();
    in.bs();  // place in the list
    attribute.width = in.bd();
    if (budget.room(sizeof(MLeader::BlockAttribute)))
      m.block_attributes.push_back(std::move(attribute));
  }
}

void read_own(Budget& budget, MLeader& m) {
  EntityIn& in = budget.in;
  m.style = in.handle();
  in.bl();  // which values override the style's
  m.leader_type = within<std::uint8_t>(in.bs(), 0, 2, 1);
  m.line_color = in.color();
  m.linetype = in.loader().linetype(in.handle());
  m.line_weight = static_cast<std::int16_t>(in.bl());
  m.has_landing = in.b();
  m.has_dogleg = in.b();
  m.dogleg_length = in.bd();
  m.arrow = in.loader().block(in.handle());
  m.arrow_is_named = m.arrow.valid();
  in.bd();  // arrow size
  m.content = within<std::uint8_t>(in.bs(), 0, 3, 0);
  in.handle();  // text style
  m.attachment_left = within<std::int16_t>(in.bs(), 0, 10, 1);
  m.attachment_right = within<std::int16_t>(in.bs(), 0, 10, 1);
  in.bs();     // angle of the text
  in.bs();     // its alignment
  in.color();  // its color
  m.text_frame = in.b();
  in.handle();  // block
  in.color();   // its color
  in.bd3();     // its scale
  in.bd();      // its rotation
  in.bs();      // its attachment
  in.b();       // annotative
  if (!in.from(Version::r2010)) read_arrows(in);
  read_block_attributes(budget, m);
  in.b();   // text direction negative
  in.bs();  // alignment in the editor
  in.bs();  // justification
  in.bd();  // scale
  if (in.from(Version::r2010)) {
    in.bs();  // attachment direction
    m.attachment_top = within<std::int16_t>(in.bs(), 0, 10, 9);
    m.attachment_bottom = within<std::int16_t>(in.bs(), 0, 10, 9);
  }
  if (in.from(Version::r2013)) in.b();  // leader extended to the text
}

}  // namespace

Geometry read_mleader(EntityIn& in) {
  MLeader m;
  Budget budget{in};
  if (in.from(Version::r2010)) in.bs();  // version
  read_context(budget, m);
  read_own(budget, m);
  return Indirect<MLeader>(std::move(m));
}

}  // namespace cad::dwg
