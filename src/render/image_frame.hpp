// SPDX-License-Identifier: Apache-2.0
// The stand-in for a picture that is not decoded: a light frame with its diagonals and, where there
// is room, the file's name.
#pragma once

#include <string>
#include <string_view>

#include "render/canvas.hpp"
#include "render/lines.hpp"
#include "render/view_map.hpp"
#include "scene/sink.hpp"

namespace cad::render {

// "site.png" of "C:\\plans\\site.png" or "../site.png".
std::string_view base_name(std::string_view path);

void draw_image_frame(const scene::ImageFrame& frame, const ViewMap& map, LineRaster& lines,
                      const Target& target);

}  // namespace cad::render
