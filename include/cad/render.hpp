// SPDX-License-Identifier: Apache-2.0
// Public door: A drawing -> primitives -> PNG or scene artefact.
#pragma once

#include "render/artefact.hpp"  // IWYU pragma: export
#include "render/png.hpp"       // IWYU pragma: export
#include "scene/scene.hpp"      // IWYU pragma: export
