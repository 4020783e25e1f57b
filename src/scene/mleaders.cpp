// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "geom/nurbs.hpp"
#include "scene/families.hpp"

namespace cad::scene::detail {
namespace {

struct KeepLook {
  explicit KeepLook(Emitter& e) : emitter(e), look(e.look) {}
  ~KeepLook() { emitter.look = look; }
  KeepLook(const KeepLook&) = delete;
  KeepLook& operator=(const KeepLook&) = delete;
  Emitter& emitter;
  Look look;
};

void use_color(Emitter& out, const Color& color) {
  out.set_color(color);
  out.look.pen.color = out.look.color;
}

Vec3 dogleg_end(const MLeaderRoot& root) {
  const double size = length(root.dogleg_vector);
  if (!(size > 1e-12)) return root.connection;
  return root.connection + root.dogleg_vector * (root.dogleg_length / size);
}

void stroke_line(Emitter& out, const MLeader& leader, const std::vector<Vec3>& points) {
  constexpr std::uint8_t kSpline = 2;
  out.path.clear();
  if (leader.leader_type == kSpline && points.size() > 2) {
    Spline spline;
    spline.fit_points = points;
    add_beziers(out.path, to_beziers(spline), out.frame.view);
  } else {
    for (std::size_t i = 0; i < points.size(); ++i)
      i == 0 ? out.path.move_to(out.frame.view(points[i]))
             : out.path.line_to(out.frame.view(points[i]));
  }
  out.stroke(out.path, false);
}

void draw_lines(Emitter& out, const MLeader& leader, const MLeaderRoot& root) {
  const bool has_dogleg = leader.has_dogleg && root.has_dogleg && leader.leader_type == 1;
  for (const MLeaderLine& line : root.lines) {
    const KeepLook keep(out);
    use_color(out, line.color.kind == Color::Kind::by_block ? leader.line_color : line.color);
    std::vector<Vec3> points = line.vertices;
    if (root.has_connection) points.push_back(root.connection);
    if (points.size() < 2) continue;
    stroke_line(out, leader, points);
    const Vec3 first = points[1] - points[0];
    if (leader.arrow_size > 0 && length(first) > 2 * leader.arrow_size)
      draw_arrow(out, points[0], first * -1, leader.text_normal, leader.arrow_size, leader.arrow);
  }
  if (!root.has_connection || !has_dogleg || root.lines.empty()) return;
  const KeepLook keep(out);
  use_color(out, leader.line_color);
  stroke_line(out, leader, {root.connection, dogleg_end(root)});
}

void set_background(MText& text, const MLeader& leader) {
  const Color& color = leader.text_background_color;
  text.background_flags = 1;
  text.background_scale = leader.text_background_scale;
  text.background_color_aci = color.kind == Color::Kind::by_layer ? 256 : color.index;
  if (color.kind == Color::Kind::rgb)
    text.background_rgb = static_cast<std::uint32_t>(color.rgb.r) << 16 |
                          static_cast<std::uint32_t>(color.rgb.g) << 8 | color.rgb.b;
}

// The frame keeps the landing gap around the text.
void stroke_text_frame(Emitter& out, const MLeader& leader, MText text) {
  text.background_scale = 1;
  text.background_flags = 16;
  const text::LaidOutText laid_out =
      text::layout_mtext(text, out.drawing(), out.context.fonts, out.context.limits);
  Box2 box;
  for (const Vec2 p : laid_out.frame) box.add(p);
  if (box.empty()) return;
  const double gap = leader.landing_gap > 0 ? leader.landing_gap : 0;
  const Affine plane = mtext_plane(out, text, leader.text_normal);
  out.path.clear();
  out.path.move_to(plane({box.min_x - gap, box.min_y - gap}));
  out.path.line_to(plane({box.max_x + gap, box.min_y - gap}));
  out.path.line_to(plane({box.max_x + gap, box.max_y + gap}));
  out.path.line_to(plane({box.min_x - gap, box.max_y + gap}));
  out.path.close();
  out.stroke_plain(out.path);
}

void draw_text_content(Emitter& out, const MLeader& leader) {
  const KeepLook keep(out);
  use_color(out, leader.text_color);
  MText text;
  text.position = leader.text_position;
  text.x_direction = leader.text_direction;
  text.rotation_deg = leader.text_rotation * (180 / std::numbers::pi);
  text.height = leader.text_height > 0 ? leader.text_height : leader.char_height;
  text.width = leader.text_width;
  text.line_spacing = leader.text_line_spacing > 0 ? leader.text_line_spacing : 1;
  text.line_spacing_style = leader.text_line_spacing_style;
  text.attachment = leader.text_attachment >= 1 && leader.text_attachment <= 3
                        ? leader.text_attachment
                        : std::uint8_t{1};
  text.flow = leader.text_flow;
  text.style = leader.text_style;
  text.raw = leader.text_raw;
  if (!(text.height > 0)) return;
  if (leader.text_background) set_background(text, leader);
  draw_mtext(out, text, leader.text_normal);
  if (leader.text_frame) stroke_text_frame(out, leader, text);
}

void draw_block_content(Emitter& out, const MLeader& leader) {
  const Block* block = find(out.drawing().blocks, leader.block);
  if (block == nullptr) return;
  const KeepLook keep(out);
  use_color(out, leader.block_color);
  const Ocs ocs(leader.block_normal);
  const double c = std::cos(leader.block_rotation), s = std::sin(leader.block_rotation);
  Placement placement;
  placement.x = (ocs.x * c + ocs.y * s) * leader.block_scale.x;
  placement.y = (ocs.y * c - ocs.x * s) * leader.block_scale.y;
  placement.z = ocs.z * leader.block_scale.z;
  placement.origin = leader.block_position - placement.direction(block->base_point);
  const Look look = out.look;
  draw_block(out, leader.block, placement);
  // The attributes' values, where their definitions stand.
  const Frame frame = out.frame;
  out.look = look;
  out.frame.view = frame.view * placement;
  out.frame.by_block = out.inheritance();
  for (const MLeader::BlockAttribute& value : leader.block_attributes)
    for (const Entity& entity : block->entities) {
      const auto* definition = std::get_if<Indirect<Attribute>>(&entity.geometry);
      if (definition == nullptr || entity.handle != value.definition || value.definition == 0)
        continue;
      Entity shown = entity;
      Attribute& attribute = *std::get<Indirect<Attribute>>(shown.geometry);
      attribute.is_definition = false;
      attribute.has_mtext = false;
      attribute.text.value = value.text;
      out.draw(shown);
    }
  out.frame = frame;
}

}  // namespace

void draw(Emitter& out, const Indirect<MLeader>& leader, const Entity&) {
  if (leader->line_weight >= 0 && out.look.pen.width_mm > 0)
    out.look.pen.width_mm = static_cast<float>(leader->line_weight) / 100;
  if (leader->leader_type != 0)
    for (const MLeaderRoot& root : leader->roots) draw_lines(out, *leader, root);
  constexpr std::uint8_t kBlock = 1, kText = 2;
  if (leader->content == kText || (leader->content != kBlock && leader->has_text))
    draw_text_content(out, *leader);
  else if (leader->content == kBlock)
    draw_block_content(out, *leader);
}

}  // namespace cad::scene::detail
