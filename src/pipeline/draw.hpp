// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/parts.hpp"
#include "pipeline/parse.hpp"
#include "scene/scene.hpp"

namespace cad {

// The PNG and the scene artefact of one sheet, from one walk over its entities. A sheet on which
// nothing is drawn has neither.
Result<void> draw_sheet(const scene::SceneContext& scene, const Layout& layout, const Box2& view,
                        std::uint32_t number, const ParseOptions& options, PartSink& out);

}  // namespace cad
