// SPDX-License-Identifier: Apache-2.0
// The bytes as drawing calls with coordinates of every magnitude, into a small image.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "render/png.hpp"

namespace {

using namespace cad;

class Calls {
 public:
  Calls(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}
  bool done() const { return left_ == 0; }
  std::uint8_t byte() {
    if (left_ == 0) return 0;
    --left_;
    return *data_++;
  }
  // Mostly in the image, sometimes anywhere a drawing may reach (Limits::max_coordinate).
  double coordinate() {
    const int kind = byte(), value = byte();
    if (kind < 200) return (kind * 256 + value) / 512.0;
    return std::ldexp(value - 128, std::min((kind - 200) * 3 - 100, 42));
  }
  Vec2 point() {
    const double x = coordinate(), y = coordinate();
    return {x, y};
  }
  Path path() {
    Path out;
    out.move_to(point());
    for (int verbs = byte() % 16; verbs > 0; --verbs) {
      switch (byte() % 6) {
        case 0: out.move_to(point()); break;
        case 1:
        case 2: out.line_to(point()); break;
        case 3: {
          const Vec2 a = point(), b = point();
          out.cubic_to(a, b, point());
          break;
        }
        case 4: out.arc_to({point(), point(), point(), coordinate(), coordinate()}); break;
        default: out.close();
      }
    }
    return out;
  }
  scene::Rgba color() { return {byte(), byte(), byte(), byte()}; }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Calls in(data, size);
  render::PngOptions options;
  options.longer_side_px = 1 + in.byte() % 64;
  Box2 view;
  view.add(in.point());
  view.add(in.point());
  const auto sink = render::PngSink::create(view, options, {});
  if (!sink) return 0;
  for (int calls = 0; calls < 200 && !in.done(); ++calls) {
    switch (in.byte() % 6) {
      case 0:
        (*sink)->stroke(in.path(), {in.color(), static_cast<float>(in.byte()) / 50, 0});
        break;
      case 1:
        (*sink)->stroke(in.path(), {in.color(), 0, static_cast<float>(in.coordinate())});
        break;
      case 2: {
        scene::Gradient gradient{in.byte() % 2 == 0, in.point(), in.point(), {}};
        gradient.stops = {{0, in.color()}, {0.5f, in.color()}, {1, in.color()}};
        const bool plain = in.byte() % 2 == 0;
        (*sink)->fill(in.path(), plain ? scene::FillRule::even_odd : scene::FillRule::non_zero,
                      {in.color(), plain ? nullptr : &gradient});
        break;
      }
      case 3: (*sink)->image({in.point(), in.point(), in.point(), "a.png"}); break;
      case 4: (*sink)->push_clip(in.path()); break;
      default: (*sink)->pop_clip();
    }
  }
  if (size % 8 == 0 && !(*sink)->encode()) __builtin_trap();
  return 0;
}
