// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "base/vec.hpp"
#include "model/style.hpp"
#include "scene/sink.hpp"

namespace cad::render {

struct PngOptions {
  std::uint32_t longer_side_px = 2048;
  Rgb background{255, 255, 255};
  double margin = 0.02;        // of the longer side, on each side
  double mm_per_unit = 0;      // > 0: lineweights at true scale (paper); 0: model space convention
  std::uint64_t max_work = 0;  // 0: the most that Limits allow
};

struct EncodedPng {
  std::vector<std::uint8_t> image;
  // The image made small, its longer side at most as long as asked for. None: it was not asked for,
  // or the image is that small itself.
  std::optional<std::vector<std::uint8_t>> thumbnail;
};

// A sink that draws into an image of `view` (the sheet's visible extents) and encodes it.
class PngSink : public scene::Sink {
 public:
  static Result<std::unique_ptr<PngSink>> create(const Box2& view, const PngOptions& options,
                                                 const Limits& limits);
  virtual Result<EncodedPng> encode(std::uint32_t thumbnail_px) = 0;
  Result<std::vector<std::uint8_t>> encode() {
    return encode(0).map([](EncodedPng both) { return std::move(both.image); });
  }
  virtual std::uint32_t width_px() const = 0;
  virtual std::uint32_t height_px() const = 0;
  // The drawing paints over itself so often that the work allowed was used up: what came later
  // is not in the image. A smaller one may hold it all.
  virtual bool overworked() const = 0;
  bool full() const override { return overworked(); }
};

}  // namespace cad::render
