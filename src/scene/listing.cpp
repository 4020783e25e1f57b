// SPDX-License-Identifier: Apache-2.0
#include "scene/listing.hpp"

#include <algorithm>

namespace cad::scene::detail {

bool is_listed(const SceneOptions& options, const Entity& entity) {
  const auto& only = options.only_layers;
  return only.empty() || std::find(only.begin(), only.end(), entity.layer) != only.end();
}

std::vector<ListedAt> list(const SceneOptions& options, const std::vector<Entity>& entities) {
  std::vector<ListedAt> out;
  out.reserve(entities.size());
  std::uint32_t next = 0;
  for (const Entity& entity : entities) {
    ListedAt at;
    if (is_listed(options, entity)) at.index = next++;
    at.attributes = next;
    if (const auto* insert = std::get_if<Indirect<Insert>>(&entity.geometry))
      for (const Entity& attribute : (*insert)->attributes) next += is_listed(options, attribute);
    out.push_back(at);
  }
  return out;
}

}  // namespace cad::scene::detail
