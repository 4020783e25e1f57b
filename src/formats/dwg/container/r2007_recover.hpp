// SPDX-License-Identifier: Apache-2.0
// When both section maps of an R2007 file are lost, as they are where its end is cut off: pages are
// told by what they unpack to.
#pragma once

#include <cstdint>

#include "formats/dwg/bytes.hpp"
#include "formats/dwg/container/budget.hpp"
#include "formats/dwg/container/r2007_maps.hpp"
#include "formats/dwg/container/sections.hpp"

namespace cad::dwg::r2007 {

// The header, the classes and the objects. The order of the objects' pages is not known: those that
// go from one page to the next are lost, and the object map would be of no use.
Sections recover_sections(Bytes file, const PageMap& pages, std::uint64_t random_seed,
                          Budget& budget);

}  // namespace cad::dwg::r2007
