// SPDX-License-Identifier: Apache-2.0
// Cutting at a box in doubles, before anything becomes an integer.
#pragma once

#include "base/vec.hpp"
#include "render/canvas.hpp"
#include "render/flatten.hpp"

namespace cad::render {

// The point of the box nearest to p.
Vec2 inside_of(const Box2& box, Vec2 p);

// Keeps the part of a..b inside the box. False: nothing of it is.
bool clip_segment(const Box2& box, Vec2& a, Vec2& b);

// Cuts the area that the path fills (either rule) to the box; its parts come out closed.
void clip_area(const Box2& box, PixelPath& path);

// Does so for paths that reach absurdly far beyond `shown`, and leaves others as they are: after
// it, every coordinate fits fixed-point arithmetic.
void limit_area(const IntRect& shown, PixelPath& path);

}  // namespace cad::render
