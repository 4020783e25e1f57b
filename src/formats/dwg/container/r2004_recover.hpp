// SPDX-License-Identifier: Apache-2.0
// When the maps of an R2004 file cannot be trusted: its pages are found by their tags, as each data
// page says which section it belongs to and where in it.
#pragma once

#include <vector>

#include "formats/dwg/bytes.hpp"
#include "formats/dwg/container/budget.hpp"
#include "formats/dwg/container/r2004_assemble.hpp"

namespace cad::dwg {

// The sections that can still be told: by a section map where one is found, else by their content.
// `live` are the addresses of the pages in use, ascending; null when the page map is lost as well:
// then pages that an earlier save left behind may be taken for them.
std::vector<NamedPlan> recover_r2004_plans(Bytes file, const std::vector<std::uint64_t>* live,
                                           Budget& budget);

}  // namespace cad::dwg
