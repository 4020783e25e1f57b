// SPDX-License-Identifier: Apache-2.0
// The geometry words of one run -> calls of a sink.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/vec.hpp"
#include "render/artefact_face.hpp"
#include "render/artefact_format.hpp"
#include "scene/sink.hpp"

namespace cad::render {

struct ArtefactPlayer {
  const std::vector<clsc::Style>& styles;
  const std::vector<clsc::Glyph>& glyphs;
  const std::vector<std::unique_ptr<ArtefactFace>>& faces;
  std::string_view strings;

  // False where the words are malformed. Without a sink they are only checked.
  bool play(std::span<const std::uint32_t> words, Vec2 origin, scene::Sink* sink) const;
};

}  // namespace cad::render
