// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/parts.hpp"
#include "pipeline/parse.hpp"
#include "scene/scene.hpp"

namespace cad {

// The PNG and the scene artefact of one sheet, from one walk over its entities. A sheet on which
// nothing is drawn has neither: false. `thumbnail_px` > 0: also the PNG made that small, unless it
// is already.
Result<bool> draw_sheet(const scene::SceneContext& scene, const Layout& layout, const Box2& view,
                        std::uint32_t number, const ParseOptions& options,
                        std::uint32_t thumbnail_px, PartSink& out);

}  // namespace cad
