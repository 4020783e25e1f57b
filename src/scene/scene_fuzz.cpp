// SPDX-License-Identifier: Apache-2.0
// Bytes -> a small drawing with odd numbers, dangling references and nested blocks -> drawn and
// measured under small limits.
#include <array>
#include <cstdlib>
#include <cstring>

#include "scene/test_support.hpp"

namespace {

using namespace cad;

// Past the end it gives zeros.
class Source {
 public:
  Source(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool done() const { return at_ >= size_; }
  std::uint8_t byte() { return at_ < size_ ? data_[at_++] : std::uint8_t{0}; }
  bool flag() { return (byte() & 1) != 0; }
  // Readers bound coordinates by Limits::max_coordinate; so does this.
  double number() {
    static constexpr std::array<double, 12> kOdd = {0,    1,   -1,    0.5,     1e15,  -1e15,
                                                    1e-9, 360, 1e-30, 1e9 + 1, -0.25, 3};
    const std::uint8_t kind = byte();
    if (kind < 96) return kOdd[kind % kOdd.size()];
    if (kind < 224) return static_cast<std::int8_t>(byte());
    return static_cast<double>(byte()) * 1e4 / (byte() + 1.0);
  }
  Vec2 point2() {
    const double x = number();
    return {x, number()};
  }
  Vec3 point() {
    const Vec2 p = point2();
    return {p.x, p.y, (byte() & 7) == 0 ? number() : 0};
  }
  Color color() {
    const std::uint8_t kind = byte();
    return {static_cast<Color::Kind>(kind & 3), byte(), {byte(), byte(), byte()}};
  }
  template <class T, class F>
  std::vector<T> many(F make) {
    std::vector<T> out;
    for (std::uint8_t n = byte() % 9; n > 0; --n) out.push_back(make());
    return out;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_, at_ = 0;
};

LwVertex vertex(Source& in) {
  const Vec2 p = in.point2();
  return {p.x, p.y, in.flag() ? in.number() : 0, in.flag() ? in.number() : 0, in.number()};
}

Spline spline(Source& in) {
  Spline out;
  out.degree = in.byte() % 30;
  out.flags = in.byte();
  out.knots = in.many<double>([&] { return in.number(); });
  out.control_points = in.many<Vec3>([&] { return in.point(); });
  out.fit_points = in.many<Vec3>([&] { return in.point(); });
  out.weights = in.many<double>([&] { return in.number(); });
  out.has_start_tangent = in.flag();
  out.start_tangent = in.point();
  return out;
}

HatchEdge hatch_edge(Source& in) {
  switch (in.byte() % 4) {
    case 0: return HatchLineEdge{in.point2(), in.point2()};
    case 1: return HatchArcEdge{in.point2(), in.number(), in.number(), in.number(), in.flag()};
    case 2:
      return HatchEllipseEdge{in.point2(), in.point2(), in.number(),
                              in.number(), in.number(), in.flag()};
    default: {
      HatchSplineEdge edge;
      edge.degree = in.byte() % 12;
      edge.knots = in.many<double>([&] { return in.number(); });
      edge.control_points = in.many<Vec2>([&] { return in.point2(); });
      return edge;
    }
  }
}

Hatch hatch(Source& in) {
  Hatch out;
  out.style = in.byte() % 4;
  out.solid = in.flag();
  out.is_mpolygon = in.flag();
  out.gradient.active = in.flag();
  out.gradient.name = in.flag() ? "INVSPHERICAL" : "CYLINDER";
  out.gradient.angle = in.number();
  out.loops = in.many<HatchLoop>([&] {
    HatchLoop loop;
    loop.flags = in.byte();
    loop.is_polyline = in.flag();
    if (loop.is_polyline) loop.polyline = in.many<LwVertex>([&] { return vertex(in); });
    if (!loop.is_polyline) loop.edges = in.many<HatchEdge>([&] { return hatch_edge(in); });
    return loop;
  });
  out.pattern = in.many<HatchPatternLine>([&] {
    return HatchPatternLine{in.number(), in.point2(), in.point2(),
                            in.many<double>([&] { return in.number(); })};
  });
  return out;
}

Polyline polyline(Source& in) {
  Polyline out;
  out.kind = static_cast<Polyline::Kind>(in.byte() % 4);
  out.flags = in.byte();
  out.smooth_type = in.byte() & 7;
  out.m_count = in.byte();
  out.n_count = in.flag() ? 0xffffffffu : in.byte() % 4;
  out.m_density = out.n_density = in.byte() % 5;
  out.vertices = in.many<PolyVertex>(
      [&] { return PolyVertex{in.point(), in.number(), in.number(), in.number(), in.byte(), 0}; });
  for (std::uint8_t n = in.byte() % 4; n > 0; --n)
    out.faces.push_back({static_cast<std::int8_t>(in.byte()), static_cast<std::int8_t>(in.byte()),
                         static_cast<std::int8_t>(in.byte()), INT32_MIN});
  return out;
}

Insert insert(Source& in) {
  Insert out;
  out.block = {in.byte() % 9u};
  out.position = in.point();
  out.scale = in.flag() ? in.point() : Vec3{1, 1, 1};
  out.rotation_deg = in.number();
  out.columns = in.flag() ? 0xffffffffu : in.byte() % 4u;
  out.rows = in.byte() % 4u;
  out.column_spacing = in.number();
  return out;
}

MLine mline(Source& in) {
  MLine out;
  out.style = {in.byte() % 2u};
  out.flags = in.byte();
  out.vertices = in.many<MLineVertex>([&] {
    MLineVertex v{in.point(), in.point(), in.point(), {}, {}};
    v.line_params =
        in.many<std::vector<double>>([&] { return in.many<double>([&] { return in.number(); }); });
    return v;
  });
  return out;
}

Image image(Source& in) {
  Image out;
  out.is_wipeout = in.flag();
  out.position = in.point();
  out.u_pixel = in.point();
  out.v_pixel = in.point();
  out.size_px = in.point2();
  out.flags = in.byte();
  out.clipping = in.flag();
  out.clip_inside = in.flag();
  out.clip = in.many<Vec2>([&] { return in.point2(); });
  return out;
}

Viewport viewport(Source& in) {
  Viewport out;
  out.center = in.point();
  out.width = in.number();
  out.height = in.number();
  out.status = 1;
  out.id = in.byte() & 3;
  out.view_center = in.point2();
  out.view_direction = in.point();
  out.view_target = in.point();
  out.view_height = in.number();
  out.twist_deg = in.number();
  out.flags = in.flag() ? 0x10000 : 0;
  out.clip_boundary = in.byte();
  out.frozen_layers = {{in.byte() % 5u}};
  return out;
}

Dimension dimension(Source& in) {
  Dimension out;
  out.kind = static_cast<Dimension::Kind>(in.byte() % 9);
  out.block = {in.byte() % 9u};
  for (Vec3* p : {&out.definition_point, &out.text_midpoint, &out.insertion_point, &out.point13,
                  &out.point14, &out.point15, &out.point16})
    *p = in.point();
  out.rotation_deg = in.number();
  return out;
}

MLeader mleader(Source& in) {
  MLeader out;
  out.leader_type = in.byte() % 3;
  out.content = in.byte() % 4;
  out.arrow_size = in.number();
  out.block = {in.byte() % 9u};
  out.block_scale = in.point();
  MLeaderRoot root;
  root.connection = in.point();
  root.dogleg_vector = in.point();
  root.has_connection = root.has_dogleg = in.flag();
  MLeaderLine line;
  line.vertices = in.many<Vec3>([&] { return in.point(); });
  root.lines.push_back(line);
  out.roots.push_back(root);
  return out;
}

Mesh mesh(Source& in) {
  Mesh out;
  out.vertices = in.many<Vec3>([&] { return in.point(); });
  out.faces = in.many<std::vector<std::uint32_t>>(
      [&] { return in.many<std::uint32_t>([&] { return in.byte() % 10u; }); });
  return out;
}

LwPolyline lwpolyline(Source& in) {
  LwPolyline out;
  out.closed = in.flag();
  out.plinegen = in.flag();
  out.has_constant_width = in.flag();
  out.constant_width = in.number();
  out.vertices = in.many<LwVertex>([&] { return vertex(in); });
  return out;
}

Text text(Source& in) {
  Text out;
  out.position = in.point();
  out.height = in.number();
  out.value = "x";
  return out;
}

MText mtext(Source& in) {
  MText out;
  out.position = in.point();
  out.x_direction = in.point();
  out.height = in.number();
  out.background_flags = in.byte();
  out.raw = "x\\Py";
  return out;
}

Attribute attribute(Source& in) {
  Attribute out;
  out.is_definition = in.flag();
  out.text = text(in);
  out.flags = in.byte();
  return out;
}

Leader leader(Source& in) {
  Leader out;
  out.vertices = in.many<Vec3>([&] { return in.point(); });
  out.is_spline = in.flag();
  return out;
}

Solid solid(Source& in) {
  Solid out;
  out.kind = static_cast<Solid::Kind>(in.byte() % 3);
  for (Vec3& corner : out.corners) corner = in.point();
  return out;
}

Geometry geometry(Source& in) {
  switch (in.byte() % 24) {
    case 0: return Line{in.point(), in.point()};
    case 1: return Point{in.point(), in.number()};
    case 2: return Circle{in.point(), in.number()};
    case 3: return Arc{in.point(), in.number(), in.number(), in.number()};
    case 4: return Ellipse{in.point(), in.point(), in.number(), in.number(), in.number()};
    case 5: return spline(in);
    case 6: return Ray{in.point(), in.point()};
    case 7: return XLine{in.point(), in.point()};
    case 8: return lwpolyline(in);
    case 9: return polyline(in);
    case 10: return mline(in);
    case 11: return text(in);
    case 12: return mtext(in);
    case 15: return hatch(in);
    case 16: return dimension(in);
    case 17: return leader(in);
    case 18: return mleader(in);
    case 19: return viewport(in);
    case 20: return solid(in);
    case 21: return mesh(in);
    case 22: return image(in);
    case 23: return attribute(in);
    default: return insert(in);
  }
}

Entity entity(Source& in) {
  Entity out;
  out.handle = in.byte();
  out.layer = {in.byte() % 5u};
  out.linetype = in.flag() ? LinetypeId{in.byte() % 3u} : kByBlockLinetype;
  out.color = in.color();
  out.lineweight = static_cast<std::int16_t>(static_cast<std::int8_t>(in.byte()));
  out.visible = in.byte() != 1;
  out.linetype_scale = static_cast<float>(in.number());
  if (in.flag()) out.normal = in.point();
  out.geometry = geometry(in);
  return out;
}

void read_tables(Source& in, Drawing& drawing) {
  for (int i = 0; i < 3; ++i) {
    drawing.layers.emplace_back();
    drawing.layers.back().color = in.color();
    const std::uint8_t state = in.byte();
    drawing.layers.back().off = (state & 1) != 0;
    drawing.layers.back().frozen = (state & 2) != 0;
    drawing.layers.back().linetype = {in.byte() % 3u};
  }
  drawing.linetypes.resize(2);
  for (Linetype& linetype : drawing.linetypes)
    linetype.elements = in.many<LinetypeElement>([&] {
      LinetypeElement element;
      element.length = in.number();
      element.flags = in.byte();
      element.text = "x";
      return element;
    });
  drawing.mline_styles.resize(1);
  drawing.mline_styles[0].flags = static_cast<std::uint16_t>(in.byte() * 8 + 3);
  drawing.mline_styles[0].elements = in.many<MLineStyle::Element>([&] {
    return MLineStyle::Element{in.number(), in.color(), {}};
  });
  drawing.header.ltscale = in.number();
  drawing.header.pdmode = in.byte();
  drawing.header.pdsize = in.number();
  drawing.header.fill_mode = in.byte() != 0;
}

void check(const Box2& box) {
  // A box is empty or made of numbers.
  if (!box.empty() && !(std::isfinite(box.width()) && std::isfinite(box.height()))) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  Source in(data, size);
  scene::testing::TestDrawing t;
  read_tables(in, t.drawing);
  for (int i = 0; i < 6; ++i) t.block("B");
  while (!in.done()) t.drawing.blocks[in.byte() % 8].entities.push_back(entity(in));
  t.limits.primitives.most = 5'000;
  t.limits.max_block_depth = 8;
  t.limits.max_hatch_lines = 500;
  t.limits.max_dashes = 200;
  for (std::size_t layout = 0; layout < 2; ++layout) {
    const scene::LayoutExtents extents = t.measure(layout);
    for (const Box2& box : extents.entities) check(box);
    check(extents.visible);
    const scene::testing::Recorder drawn = t.draw(layout);
    int depth = 0;
    for (const auto& call : drawn.calls) {
      depth += call.kind == scene::testing::Recorded::Kind::push;
      depth -= call.kind == scene::testing::Recorded::Kind::pop;
      if (depth < 0) std::abort();
    }
    if (depth != 0) std::abort();
  }
  return 0;
}
