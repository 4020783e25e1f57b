// SPDX-License-Identifier: Apache-2.0
// Entities of unknown applications: the picture that they carry of themselves.
#include <algorithm>
#include <cmath>
#include <utility>

#include "geom/proxy_graphics.hpp"
#include "scene/families.hpp"

namespace cad::scene::detail {
namespace {

template <class IdType, class Record>
IdType at_place(std::uint32_t place, const std::vector<IdType>& places,
                const std::vector<Record>& records) {
  if (!places.empty()) return place < places.size() ? places[place] : IdType{};
  return place < records.size() ? IdType{place} : IdType{};
}

// Draws shapes as parts of the entity: what they do not state themselves is the entity's.
class ProxyDrawer {
 public:
  ProxyDrawer(Emitter& out, const Entity& entity)
      : out_(out), entity_(entity), by_block_(out.frame.by_block) {
    out.frame.by_block = out.inheritance();
  }
  ~ProxyDrawer() { out_.frame.by_block = by_block_; }
  ProxyDrawer(const ProxyDrawer&) = delete;
  ProxyDrawer& operator=(const ProxyDrawer&) = delete;

  void draw(const ProxyShape& shape, const ProxyTraits& traits) {
    filled_ = traits.filled && out_.drawing().header.fill_mode;
    out_.with_look(style_of(traits),
                   [&] { std::visit([this](const auto& one) { show(one); }, shape); });
  }

 private:
  Entity style_of(const ProxyTraits& traits) const {
    Entity style;
    style.layer = entity_.layer;
    const Drawing& drawing = out_.drawing();
    if (traits.layer)
      if (const LayerId set = at_place(*traits.layer, drawing.layer_places, drawing.layers);
          set.valid())
        style.layer = set;
    style.color = traits.color.value_or(Color{Color::Kind::by_block, 7, {}});
    style.transparency.kind = Transparency::Kind::by_block;
    style.lineweight = traits.lineweight.value_or(kLineweightByBlock);
    style.linetype = linetype_of(traits);
    const double scale =
        traits.linetype_scale.value_or(static_cast<double>(entity_.linetype_scale));
    style.linetype_scale = scale > 0 ? static_cast<float>(scale) : 1;
    return style;
  }

  LinetypeId linetype_of(const ProxyTraits& traits) const {
    if (!traits.linetype || *traits.linetype == kProxyByBlock) return kByBlockLinetype;
    if (*traits.linetype == kProxyByLayer) return kByLayerLinetype;
    const Drawing& drawing = out_.drawing();
    const LinetypeId set = at_place(*traits.linetype, drawing.linetype_places, drawing.linetypes);
    return set.valid() ? set : kByBlockLinetype;
  }

  void show(const ProxyPolyline& polyline) {
    Path& path = out_.path;
    path.clear();
    for (const Vec3& point : polyline.points)
      path.empty() ? path.move_to(out_.frame.view(point)) : path.line_to(out_.frame.view(point));
    if (polyline.closed) path.close();
    finish(polyline.closed);
  }

  void show(const ProxyLwPolyline& polyline) {
    out_.path.clear();
    add_polyline(out_.path, polyline.vertices, polyline.closed,
                 out_.frame.view.plane(polyline.origin, polyline.x, polyline.y));
    finish(false);
  }

  void show(const ProxyArc& arc) {
    Path& path = out_.path;
    path.clear();
    const Vec2 center = out_.frame.view(arc.center);
    const Vec2 u = out_.frame.view.direction(arc.u), v = out_.frame.view.direction(arc.v);
    const bool sector = arc.kind == ProxyArc::Kind::sector;
    if (sector) path.move_to(center);
    sector ? path.line_to(center + u) : path.move_to(center + u);
    path.arc_to({center, u, v, 0, arc.sweep});
    const bool closed = arc.kind != ProxyArc::Kind::open;
    if (closed) path.close();
    finish(closed);
  }

  void show(const ProxyShell& shell) {
    if (!out_.spend((shell.edges.size() + shell.corners.size()) / 16)) return;
    if (filled_) fill_faces(shell);
    stroke_edges(shell);
  }

  void show(const ProxyText& proxy) {
    Text text;
    text.height = proxy.height;
    text.width_factor = proxy.width_factor;
    text.oblique_deg = proxy.oblique_deg;
    text.backward = proxy.backward;
    text.upside_down = proxy.upside_down;
    if (proxy.underlined) text.value += "%%u";
    if (proxy.overlined) text.value += "%%o";
    text.value += proxy.value;
    TextStyle style;
    style.font_file = proxy.font_file;
    style.font_family = proxy.typeface;
    style.bold = proxy.bold;
    style.italic = proxy.italic;
    draw_laid_out(out_, text::layout_text(text, style, out_.context.fonts, out_.context.limits),
                  out_.frame.view.plane(proxy.origin, proxy.x, proxy.y));
  }

  void show(const ProxyRay& ray) {
    if (ray.both_ways) {
      detail::draw(out_, XLine{ray.base, ray.direction}, entity_);
    } else {
      detail::draw(out_, Ray{ray.base, ray.direction}, entity_);
    }
  }

  void finish(bool may_fill) {
    if (may_fill && filled_) {
      out_.fill(out_.path, FillRule::even_odd, out_.look.color);
    } else {
      out_.stroke(out_.path);
    }
  }

  // A face with its holes is one fill.
  void fill_faces(const ProxyShell& shell) {
    Path& path = out_.path;
    path.clear();
    std::optional<Color> color;
    const auto flush = [&] {
      if (!path.empty())
        out_.fill(path, FillRule::even_odd, color ? out_.resolve(*color) : out_.look.color);
      path.clear();
    };
    for (const ProxyShell::Loop& loop : shell.loops) {
      if (!loop.is_hole) {
        flush();
        color = loop.color;
      }
      if (!loop.visible || loop.count < 3) continue;
      for (std::uint32_t i = 0; i < loop.count; ++i) {
        const Vec2 point = out_.frame.view(shell.points[shell.corners[loop.first + i]]);
        i == 0 ? path.move_to(point) : path.line_to(point);
      }
      path.close();
    }
    flush();
  }

  void stroke_edges(const ProxyShell& shell) {
    Path& path = out_.path;
    path.clear();
    std::optional<Color> color;
    const auto flush = [&] {
      Pen pen = out_.look.pen;
      if (color) pen.color = out_.resolve(*color);
      out_.stroke_plain(path, pen);
      path.clear();
    };
    for (const ProxyShell::Edge& edge : shell.edges) {
      if (!edge.visible && !out_.measuring()) continue;
      if (edge.color != color) {
        flush();
        color = edge.color;
      }
      path.move_to(out_.frame.view(shell.points[edge.from]));
      path.line_to(out_.frame.view(shell.points[edge.to]));
    }
    flush();
  }

  Emitter& out_;
  const Entity& entity_;
  Inherited by_block_;
  bool filled_ = false;
};

CadText encoding_of(const Drawing& drawing) {
  CadText how;
  how.page = code_page_of(drawing.codepage).value_or(kWindowsLatin);
  how.utf8 = how.page == kUtf8;
  if (how.utf8) how.page = kWindowsLatin;
  return how;
}

}  // namespace

void draw(Emitter& out, const Indirect<Unknown>& unknown, const Entity& entity) {
  ProxyGraphics graphics(unknown->graphics, encoding_of(out.drawing()),
                         out.context.limits.max_coordinate);
  bool shown = false;
  {
    ProxyDrawer drawer(out, entity);
    while (const ProxyShape* const shape = graphics.next()) {
      if (!out.spend()) break;
      drawer.draw(*shape, graphics.traits());
      shown = true;
    }
  }
  const std::string& type = unknown->type;
  if (!shown) return out.warn("NOT_DRAWN", type, type + " is not a known entity type: not drawn.");
  out.warn("SHOWN_BY_PROXY", type,
           type + " is not a known entity type: shown by its stored graphics.");
  if (graphics.damaged())
    out.warn("PROXY_DAMAGED", type,
             "The stored graphics of an entity are damaged; a part of them is not shown.");
  if (graphics.clips())
    out.warn("PROXY_NOT_CLIPPED", type,
             "The stored graphics of an entity clip themselves; all of them is shown.");
}

}  // namespace cad::scene::detail
