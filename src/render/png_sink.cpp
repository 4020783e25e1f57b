// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <new>

#include "render/canvas.hpp"
#include "render/clip_geometry.hpp"
#include "render/clip_stack.hpp"
#include "render/fills.hpp"
#include "render/flatten.hpp"
#include "render/glyph_raster.hpp"
#include "render/image_frame.hpp"
#include "render/lines.hpp"
#include "render/png.hpp"
#include "render/png_encode.hpp"
#include "render/thumbnail.hpp"
#include "render/view_map.hpp"
#include "render/work.hpp"

namespace cad::render {

namespace {

// Model space has no paper: its longer side counts as A3's, so that lineweights look like a plot's.
constexpr double kAssumedPaperMm = 420;
constexpr std::size_t kMaxKeptColors = 128;

bool misses(const Box2& box, const IntRect& shown, double reach) {
  return box.max_x < shown.x0 - reach || box.min_x > shown.x1 + reach ||
         box.max_y < shown.y0 - reach || box.min_y > shown.y1 + reach;
}

// Width of the rectangle with the path's area and perimeter: a sliver's width, a square's side.
// Small as well for outlines that cross themselves.
double typical_width(const PixelPath& path) {
  double area = 0, perimeter = 0;
  for (const PixelPath::Part& part : path.parts) {
    const auto points = path.of(part);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Vec2 a = points[i] - points[0], b = points[(i + 1) % points.size()] - points[0];
      area += cross(a, b) / 2;
      perimeter += std::sqrt(dot(b - a, b - a));
    }
  }
  const double half = perimeter / 2;
  return (half - std::sqrt(std::max(0.0, half * half - 4 * std::abs(area)))) / 2;
}

class Png final : public PngSink {
 public:
  Png(const ViewMap& map, const PngOptions& options, std::uint64_t max_work)
      : map_(map),
        background_(to_pixel(options.background)),
        canvas_{static_cast<int>(map.width), static_cast<int>(map.height),
                decltype(Canvas::pixels)(static_cast<std::size_t>(map.width) * map.height,
                                         to_pixel(options.background))},
        clips_(IntRect{0, 0, canvas_.width, canvas_.height}),
        work_(max_work),
        fills_(work_),
        lines_(work_),
        glyphs_(work_),
        colors_{to_pixel(options.background)} {
    const double longer = std::max(map.width, map.height);
    px_per_mm_ = options.mm_per_unit > 0 && std::isfinite(options.mm_per_unit)
                     ? map.scale / options.mm_per_unit
                     : longer / kAssumedPaperMm;
    max_plotted_px_ = std::max(2.0, longer / 64);
    max_scaled_px_ = 4.0 * (map.width + map.height);
  }

  void stroke(const Path& path, const scene::Pen& pen) override {
    if (overworked()) return;
    const Target target = this->target();
    const double width = width_px(pen);
    flatten_to_px(path, map_, reach_of(target.box, width), path_);
    if (pen.color.a == 0 || misses(path_.box, target.box, 2 * width + 1)) return;
    const Ink ink = to_ink(pen.color);
    remember(ink.color);
    if (width <= kThinWidth)
      lines_.draw(path_, {width, path_.parts.size() > 1}, ink, target);
    else
      fills_.stroke(path_, {width, pen.width_units <= 0}, ink, target);
  }

  void fill(const Path& path, scene::FillRule rule, const scene::Brush& brush) override {
    if (overworked()) return;
    const Target target = this->target();
    flatten_to_px(path, map_, reach_of(target.box, 1), path_);
    if (misses(path_.box, target.box, 1)) return;
    const Ink ink = to_ink(brush.color);
    if (path_.box.width() < 1 && path_.box.height() < 1) {
      const Vec2 center{(path_.box.min_x + path_.box.max_x) / 2,
                        (path_.box.min_y + path_.box.max_y) / 2};
      return draw_dot(center, std::max(0.25, path_.box.width() * path_.box.height()), ink, target);
    }
    limit_area(target.box, path_);
    if (brush.gradient && !brush.gradient->stops.empty()) {
      fills_.fill(path_, rule, *brush.gradient, map_, target);
      return;
    }
    remember(ink.color);
    fills_.fill(path_, rule, ink, target);
    // An area thinner than a pixel would fade away: it gets a hairline, as a line would.
    if (path_.parts.size() <= 8 && typical_width(path_) < 0.7)
      lines_.draw(closed(path_), {}, ink, target);
  }

  void glyphs(const scene::GlyphRun& run) override {
    if (overworked()) return;
    remember(to_pixel(run.color));
    glyphs_.draw(run, map_, fills_, lines_, target());
  }

  void image(const scene::ImageFrame& frame) override {
    draw_image_frame(frame, map_, lines_, target());
  }

  void push_clip(const Path& path) override {
    if (overworked()) {
      ++clips_left_out_;
      return;
    }
    flatten_to_px(path, map_, reach_of(clips_.box(), 1), path_);
    limit_area(clips_.box(), path_);
    clips_.push(path_, fills_);
  }
  void pop_clip() override {
    if (clips_left_out_ > 0) {
      --clips_left_out_;
    } else {
      clips_.pop();
    }
  }

  using PngSink::encode;
  Result<EncodedPng> encode(std::uint32_t thumbnail_px) override {
    try {
      return encode_both(thumbnail_px);
    } catch (const std::bad_alloc&) {
      return fail(ErrorCode::limit_exceeded, "no memory left to write the image");
    }
  }
  std::uint32_t width_px() const override { return map_.width; }
  std::uint32_t height_px() const override { return map_.height; }
  bool overworked() const override { return work_.used_up(); }

 private:
  Result<EncodedPng> encode_both(std::uint32_t thumbnail_px) const {
    const std::uint32_t longer = std::max(map_.width, map_.height);
    std::optional<Thumbnail> small;
    if (thumbnail_px > 0 && longer > thumbnail_px)
      small.emplace(canvas_.width, canvas_.height, background_,
                    static_cast<int>((longer + thumbnail_px - 1) / thumbnail_px));
    EncodedPng out;
    CAD_ASSIGN(out.image, encode_png(canvas_, colors_, small ? &*small : nullptr));
    if (!small) return out;
    CAD_ASSIGN(out.thumbnail, encode_thumbnail(small->finish()));
    return out;
  }

  Target target() { return {canvas_, clips_.box(), clips_.mask()}; }

  static Box2 reach_of(const IntRect& box, double width) {
    return {box.x0 - width - 2, box.y0 - width - 2, box.x1 + width + 2, box.y1 + width + 2};
  }

  double width_px(const scene::Pen& pen) const {
    if (pen.width_units > 0)
      return std::clamp<double>(pen.width_units * map_.scale, 1.0, max_scaled_px_);
    return std::clamp<double>(pen.width_mm * px_per_mm_, 1.0, max_plotted_px_);
  }

  static PixelPath& closed(PixelPath& path) {
    for (PixelPath::Part& part : path.parts) part.closed = true;
    return path;
  }

  void remember(Pixel color) {
    if (color == colors_.back() || colors_.size() == kMaxKeptColors) return;
    if (std::find(colors_.begin(), colors_.end(), color) == colors_.end())
      colors_.push_back(color);
    else
      std::swap(*std::find(colors_.begin(), colors_.end(), color), colors_.back());
  }

  ViewMap map_;
  Pixel background_;
  Canvas canvas_;
  ClipStack clips_;
  Work work_;
  FillRaster fills_;
  LineRaster lines_;
  GlyphRaster glyphs_;
  PixelPath path_;             // scratch
  std::vector<Pixel> colors_;  // the background and the drawing's colors; the last one in use last
  std::size_t clips_left_out_ = 0;
  double px_per_mm_ = 1, max_plotted_px_ = 1, max_scaled_px_ = 1;
};

}  // namespace

Result<std::unique_ptr<PngSink>> PngSink::create(const Box2& view, const PngOptions& options,
                                                 const Limits& limits) {
  CAD_ASSIGN(const ViewMap map, fit_view(view, options, limits));
  try {
    return std::make_unique<Png>(map, options,
                                 options.max_work > 0 ? options.max_work : limits.png_work.most);
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::limit_exceeded, "no memory left for an image of this size");
  }
}

}  // namespace cad::render
