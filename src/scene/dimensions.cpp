// SPDX-License-Identifier: Apache-2.0
// A dimension is drawn by its anonymous block, as the program that made it left it. Without one it
// gets its lines, arrows and text from the definition points.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "geom/arcs.hpp"
#include "scene/families.hpp"

namespace cad::scene::detail {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

struct Sizes {
  double arrow = 0.18, text = 0.18, offset = 0.0625, beyond = 0.18, factor = 1;
  int decimals = 4;
};

Sizes sizes_of(const Emitter& out, const Dimension& d) {
  const DimStyle* found = find(out.drawing().dim_styles, d.style);
  const DimStyle style = found != nullptr ? *found : DimStyle{};
  const DimOverrides& o = d.overrides;
  const double stored = o.scale.value_or(style.scale);
  const double scale = stored > 0 ? stored : 1;
  Sizes out_sizes;
  out_sizes.arrow = o.arrow_size.value_or(style.arrow_size) * scale;
  out_sizes.text = o.text_height.value_or(style.text_height) * scale;
  out_sizes.offset = o.extension_offset.value_or(style.extension_offset) * scale;
  out_sizes.beyond = o.extension_beyond.value_or(style.extension_beyond) * scale;
  out_sizes.factor = o.linear_factor.value_or(style.linear_factor);
  out_sizes.decimals = std::clamp<int>(o.decimal_places.value_or(style.decimal_places), 0, 8);
  return out_sizes;
}

bool is_angular(const Dimension& d) {
  return d.kind == Dimension::Kind::angular || d.kind == Dimension::Kind::angular3p;
}

std::string formatted(double value, int decimals) {
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  std::string out = buffer;
  if (out.find('.') != std::string::npos) {
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.') out.pop_back();
  }
  return out;
}

std::string shown_text(const Dimension& d, double measured, const Sizes& sizes) {
  std::string value = is_angular(d) ? formatted(measured / kDegree, sizes.decimals) + "\u00b0"
                                    : formatted(measured * std::abs(sizes.factor), sizes.decimals);
  if (d.kind == Dimension::Kind::radius || d.kind == Dimension::Kind::jogged_radius)
    value.insert(0, "R");
  if (d.kind == Dimension::Kind::diameter) value.insert(0, "\u2300");
  if (d.text.empty()) return value;
  std::string out = d.text;
  if (const auto at = out.find("<>"); at != std::string::npos) out.replace(at, 2, value);
  return out;
}

class Fallback {
 public:
  Fallback(Emitter& out, const Dimension& d, const Entity& entity)
      : out_(out), d_(d), normal_(entity.normal), sizes_(sizes_of(out, d)) {}

  void run() {
    switch (d_.kind) {
      case Dimension::Kind::linear: linear(d_.rotation_deg * kDegree); break;
      case Dimension::Kind::aligned: {
        const Vec3 along = d_.point14 - d_.point13;
        linear(std::atan2(along.y, along.x));
        break;
      }
      case Dimension::Kind::radius:
      case Dimension::Kind::jogged_radius:
        measured_ = length(d_.point15 - d_.definition_point);
        line(d_.definition_point, d_.point15);
        arrow(d_.point15, d_.point15 - d_.definition_point);
        break;
      case Dimension::Kind::diameter:
        measured_ = length(d_.point15 - d_.definition_point);
        line(d_.definition_point, d_.point15);
        arrow(d_.point15, d_.point15 - d_.definition_point);
        arrow(d_.definition_point, d_.definition_point - d_.point15);
        break;
      case Dimension::Kind::ordinate: {
        const Vec3 from = d_.point13 - d_.definition_point;
        measured_ = std::abs(d_.ordinate_x ? from.x : from.y);
        line(d_.point13, d_.point14);
        break;
      }
      case Dimension::Kind::angular:
      case Dimension::Kind::angular3p:
      case Dimension::Kind::arc: angular(); break;
    }
    text();
  }

 private:
  void line(Vec3 a, Vec3 b) {
    if (a == b) return;
    out_.path.clear();
    out_.path.move_to(out_.frame.view(a));
    out_.path.line_to(out_.frame.view(b));
    out_.stroke_plain(out_.path);
  }

  void arrow(Vec3 tip, Vec3 direction) {
    draw_arrow(out_, tip, direction, normal_, sizes_.arrow, {});
  }

  // Both points dropped onto the dimension line, which runs through 10 at the angle.
  void linear(double angle) {
    const Vec3 d{std::cos(angle), std::sin(angle), 0};
    const Vec3 base = d_.definition_point;
    const Vec3 a = base + d * dot(d_.point13 - base, d), b = base + d * dot(d_.point14 - base, d);
    measured_ = std::abs(dot(d_.point14 - d_.point13, d));
    extension(d_.point13, a);
    extension(d_.point14, b);
    line(a, b);
    arrow(a, a - b);
    arrow(b, b - a);
  }

  void extension(Vec3 from, Vec3 to) {
    const double size = length(to - from);
    if (!(size > sizes_.offset)) return;
    const Vec3 d = (to - from) * (1 / size);
    line(from + d * sizes_.offset, to + d * sizes_.beyond);
  }

  // Lines from the vertex to both sides and the arc between them.
  void angular() {
    Vec3 vertex = d_.point15, a = d_.point13, b = d_.point14;
    if (d_.kind == Dimension::Kind::angular) {
      a = d_.point14;  // 13-14 and 15-10 are the lines
      b = d_.definition_point;
      const Vec3 u = d_.point14 - d_.point13, v = d_.definition_point - d_.point15;
      const double denominator = u.x * v.y - u.y * v.x;
      const Vec3 w = d_.point15 - d_.point13;
      if (denominator != 0) vertex = d_.point13 + u * ((w.x * v.y - w.y * v.x) / denominator);
    }
    const Vec3 place = d_.kind == Dimension::Kind::angular ? d_.point16 : d_.definition_point;
    const double radius = length(place - vertex);
    const double t0 = std::atan2(a.y - vertex.y, a.x - vertex.x);
    const double sweep = ccw_sweep(t0, std::atan2(b.y - vertex.y, b.x - vertex.x));
    measured_ = d_.kind == Dimension::Kind::arc ? radius * sweep : sweep;
    if (!(radius > 0)) return;
    out_.path.clear();
    add_arc(out_.path, {vertex.xy(), {radius, 0}, {0, radius}, t0, t0 + sweep},
            out_.frame.view.plane(Vec3{0, 0, vertex.z}, {1, 0, 0}, {0, 1, 0}), true);
    out_.stroke_plain(out_.path);
    line(vertex, a);
    line(vertex, b);
  }

  void text() {
    if (d_.text == " ") return;
    MText text;
    text.position = Ocs(normal_).to_wcs(d_.text_midpoint);
    text.attachment = 5;
    text.height = sizes_.text;
    text.rotation_deg = d_.text_rotation_deg;
    const DimStyle* style = find(out_.drawing().dim_styles, d_.style);
    if (style != nullptr) text.style = style->text_style;
    text.raw = shown_text(d_, d_.measurement.value_or(measured_), sizes_);
    if (text.height > 0) draw_mtext(out_, text, normal_);
  }

  Emitter& out_;
  const Dimension& d_;
  Vec3 normal_;
  Sizes sizes_;
  double measured_ = 0;
};

}  // namespace

void draw(Emitter& out, const Indirect<Dimension>& dimension, const Entity& entity) {
  const Block* block = find(out.drawing().blocks, dimension->block);
  // An empty block says that nothing is to be seen (constraints have such ones).
  if (block == nullptr || block->implicit) return Fallback(out, *dimension, entity).run();
  Placement placement;  // the block holds the picture in place; 12 moves copies
  placement.origin = Ocs(entity.normal).to_wcs(dimension->insertion_point) - block->base_point;
  const bool outer = out.frame.in_dimension;
  out.frame.in_dimension = true;
  draw_block(out, dimension->block, placement);
  out.frame.in_dimension = outer;
}

}  // namespace cad::scene::detail
