// SPDX-License-Identifier: Apache-2.0
#include "formats/acad/mview.hpp"

namespace cad::acad {
namespace {

// MVIEW { 16 (version), target, direction, twist, view height, center x, center y, lens, front
// clip, back clip, mode ... { frozen layers } }.
class MviewReader {
 public:
  MviewReader(double most, Viewport& viewport) : most_(most), v_(viewport) {}

  void take(const XdataItem& item) {
    if (item.code == 1002) {
      const std::string* brace = std::get_if<std::string>(&item.value);
      depth_ += brace && *brace == "{" ? 1 : -1;
    } else if (const Vec3* point = std::get_if<Vec3>(&item.value)) {
      if (points_ == 0) v_.view_target = bounded(*point);
      if (points_ == 1) v_.view_direction = bounded(*point);
      ++points_;
    } else if (const double* real = std::get_if<double>(&item.value)) {
      take_real(bounded(*real));
    } else if (const std::int64_t* whole = std::get_if<std::int64_t>(&item.value)) {
      if (wholes_++ == 1) v_.flags |= static_cast<std::uint32_t>(*whole & 0x1f);
    } else if (item.code == 1003 && depth_ == 2) {
      if (const std::string* name = std::get_if<std::string>(&item.value)) frozen.push_back(*name);
    }
  }

  std::vector<std::string> frozen;

 private:
  void take_real(double value) {
    switch (reals_++) {
      case 0: v_.twist_deg = value; break;
      case 1: v_.view_height = value; break;
      case 2: v_.view_center.x = value; break;
      case 3: v_.view_center.y = value; break;
      case 4: v_.lens_length = value; break;
      case 5: v_.front_clip = value; break;
      case 6: v_.back_clip = value; break;
      default: break;
    }
  }
  double bounded(double value) const { return value <= most_ && value >= -most_ ? value : 0; }
  Vec3 bounded(Vec3 p) const { return {bounded(p.x), bounded(p.y), bounded(p.z)}; }

  double most_;
  Viewport& v_;
  int reals_ = 0, wholes_ = 0, points_ = 0, depth_ = 0;
};

}  // namespace

std::vector<std::string> take_mview(std::span<const XdataItem> items, double max_coordinate,
                                    Viewport& viewport) {
  MviewReader reader(max_coordinate, viewport);
  bool started = false;
  for (const XdataItem& item : items) {
    const std::string* word = std::get_if<std::string>(&item.value);
    if (item.code == 1000 && word && *word == "MVIEW")
      started = true;
    else if (started)
      reader.take(item);
  }
  return std::move(reader.frozen);
}

}  // namespace cad::acad
