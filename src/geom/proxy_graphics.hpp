// SPDX-License-Identifier: Apache-2.0
// The picture that an entity of an unknown application carries for programs without it (ODA
// chapter 29): shapes, and the properties that hold from their place on. Read one after another,
// in the coordinates around the entity; any bytes give at most what they have room for.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/encoding.hpp"
#include "base/vec.hpp"
#include "geom/proxy_bytes.hpp"
#include "model/polylines.hpp"
#include "model/style.hpp"

namespace cad {

inline constexpr std::uint32_t kProxyByLayer = 0xffffffffu, kProxyByBlock = 0xfffffffeu;

// What was set so far; what was never set is the entity's own.
struct ProxyTraits {
  std::optional<std::uint32_t> layer;  // place in the layer table
  std::optional<Color> color;
  std::optional<std::uint32_t> linetype;  // place in the linetype table, by layer or by block
  std::optional<std::int16_t> lineweight;
  std::optional<double> linetype_scale;
  bool filled = false;
};

struct ProxyPolyline {
  std::vector<Vec3> points;
  bool closed = false;  // a polygon
};

struct ProxyLwPolyline {  // of the plane origin + x*X + y*Y
  std::vector<LwVertex> vertices;
  Vec3 origin, x, y;
  bool closed = false;
};

struct ProxyArc {  // center + u*cos(t) + v*sin(t), t from 0 to `sweep`
  enum class Kind : std::uint8_t { open, sector, chord, circle };
  Vec3 center, u, v;
  double sweep = 0;
  Kind kind = Kind::open;
};

struct ProxyShell {
  struct Loop {
    std::uint32_t first = 0, count = 0;  // of `corners`
    bool is_hole = false;                // in the face before it
    std::optional<Color> color;
    bool visible = true;
  };
  struct Edge {
    std::uint32_t from = 0, to = 0;  // of `points`
    std::optional<Color> color;
    bool visible = true;
  };
  std::vector<Vec3> points;
  std::vector<std::uint32_t> corners;  // each is a place in `points`
  std::vector<Loop> loops;
  std::vector<Edge> edges;
};

struct ProxyText {
  Vec3 origin;  // left end of the baseline
  Vec3 x, y;    // along the baseline and upwards; one unit of the text's plane each
  double height = 0, width_factor = 1, oblique_deg = 0;
  bool backward = false, upside_down = false, underlined = false, overlined = false;
  bool bold = false, italic = false;
  std::string value;  // UTF-8
  std::string typeface, font_file;
};

struct ProxyRay {
  Vec3 base, direction;
  bool both_ways = false;
};

using ProxyShape =
    std::variant<ProxyPolyline, ProxyLwPolyline, ProxyArc, ProxyShell, ProxyText, ProxyRay>;

class ProxyGraphics {
 public:
  // `encoding`: of its 8-bit strings. Coordinates beyond `max_coordinate` are damage.
  ProxyGraphics(std::span<const std::uint8_t> bytes, const CadText& encoding,
                double max_coordinate);

  const ProxyShape* next();  // valid until the next call; null: there are no more
  const ProxyTraits& traits() const { return traits_; }
  bool damaged() const { return damaged_; }  // a part could not be read
  bool clips() const { return clips_; }      // it clips itself, which is not followed

 private:
  struct Map {  // rows of an affine map
    Vec3 x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1}, origin;
    Vec3 direction(Vec3 v) const { return {dot(x, v), dot(y, v), dot(z, v)}; }
    Vec3 operator()(Vec3 p) const { return direction(p) + origin; }
  };

  bool take(std::uint32_t type, ProxyBytes in);  // true: `shape_` is one to show
  void take_trait(std::uint32_t type, ProxyBytes& in);
  void push(ProxyBytes& in);
  bool take_circle(ProxyBytes& in, bool through_points);
  bool take_arc(ProxyBytes& in, bool through_points);
  bool take_polyline(ProxyBytes& in, bool closed);
  bool take_ray(ProxyBytes& in, bool both_ways);
  bool place(ProxyPolyline polyline);
  bool place(ProxyLwPolyline polyline);
  bool place(ProxyArc arc);
  bool place(ProxyShell shell);
  bool place(ProxyText text);

  ProxyBytes bytes_;
  CadText encoding_;
  double max_coordinate_;
  ProxyTraits traits_;
  ProxyShape shape_;
  std::vector<Map> maps_;  // the last one holds; empty = none
  std::uint32_t ignored_maps_ = 0;
  bool damaged_ = false, clips_ = false;
};

// The parts of a chunk that have a file of their own; the bytes' ok() tells whether they fit.
ProxyShell read_proxy_mesh(ProxyBytes& in);
ProxyShell read_proxy_shell(ProxyBytes& in);
enum class ProxyString : std::uint8_t { bytes, utf16 };
ProxyText read_proxy_text(ProxyBytes& in, ProxyString kind, const CadText& encoding);
ProxyText read_proxy_styled_text(ProxyBytes& in, ProxyString kind, const CadText& encoding);
ProxyLwPolyline read_proxy_lwpolyline(ProxyBytes& in);

}  // namespace cad
