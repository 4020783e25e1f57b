// SPDX-License-Identifier: Apache-2.0
// What has to be known before the first entity is written: how many there are, of what and where.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json/write.hpp"

namespace cad::json {

// Numbers the type names that a document has, in the order they are met.
class TypeNames {
 public:
  std::uint32_t number(const Entity& entity);
  const std::vector<std::string>& all() const { return names_; }

 private:
  struct Last {
    const char* data = nullptr;
    std::uint32_t number = 0;
  };
  std::array<Last, std::variant_size_v<Geometry>> last_{};
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

struct SheetTally {
  struct OnLayer {
    std::uint32_t layer = 0;
    std::uint64_t entities = 0;
  };
  std::uint64_t entities = 0;
  std::vector<OnLayer> layers;  // those with entities, by LayerId (sheets times layers is too much)
};

struct Tally {
  TypeNames types;
  std::vector<SheetTally> sheets;  // as ResultFacts::sheets
  std::uint64_t entities = 0;
  std::vector<std::uint64_t> by_type;  // by TypeNames number
  std::array<std::uint64_t, 5> by_category{};
  bool is_3d = false;
  std::uint64_t unsupported_3d = 0;  // bodies whose wireframe could not be extracted
};

// Layers that are written, by LayerId. Empty: all.
using LayerFilter = std::vector<bool>;
LayerFilter make_filter(const Drawing& drawing, const std::vector<LayerId>& only);
inline bool passes(const LayerFilter& filter, const Entity& entity) {
  return filter.empty() || (entity.layer.index < filter.size() && filter[entity.layer.index]);
}

Tally tally(const Drawing& drawing, const std::vector<SheetFacts>& sheets,
            const LayerFilter& filter);

// The entities of a sheet; none when its layout has no block.
const std::vector<Entity>& entities_of(const Drawing& drawing, const SheetFacts& sheet);

}  // namespace cad::json
