// SPDX-License-Identifier: Apache-2.0
// The places that the result's entities[] gives to what is drawn (json/entity.hpp writes them).
#pragma once

#include <cstdint>
#include <vector>

#include "model/entity.hpp"
#include "scene/scene.hpp"
#include "scene/sink.hpp"

namespace cad::scene::detail {

struct ListedAt {
  std::uint32_t index = EntityRef::kUnlisted;
  std::uint32_t attributes = 0;  // the place of its first ATTRIB that is listed
};

// `only_layers` leaves the others out.
bool is_listed(const SceneOptions& options, const Entity& entity);

// Of a layout's entities, as they are stored.
std::vector<ListedAt> list(const SceneOptions& options, const std::vector<Entity>& entities);

}  // namespace cad::scene::detail
