// SPDX-License-Identifier: Apache-2.0
// One section of an R2004 file, put together from its pages.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/diagnostics.hpp"
#include "formats/dwg/bytes.hpp"
#include "formats/dwg/container/budget.hpp"
#include "formats/dwg/container/sections.hpp"

namespace cad::dwg {

struct PlannedPage {
  std::uint64_t address = 0;    // in the file, of the page's header
  std::uint64_t room = 0;       // bytes from there to the next page
  std::uint64_t data_size = 0;  // without the header
  std::uint64_t start = 0;      // in the section
};

struct SectionPlan {
  std::uint32_t number = 0;
  std::optional<std::uint64_t> size{};  // none: as long as its pages are
  std::uint64_t page_size = 0;          // the most that one page unpacks to
  bool compressed = true;
  bool lost_pages = false;           // pages that the section map names were not found
  std::vector<PlannedPage> pages{};  // in any order
};

struct NamedPlan {
  SectionId id = SectionId::count_;
  SectionPlan plan;
};

bool has(std::span<const NamedPlan> plans, SectionId id);

// What a section is made of: bytes of its own, or a part of the file where it is stored as it is.
struct SectionBytes {
  std::vector<std::byte> owned;
  Bytes view;  // used when `owned` is empty
};

// `name` is what diagnostics call the section. Pages that the plan lacks read as zeros.
SectionBytes assemble_section(Bytes file, const SectionPlan& plan, std::string_view name,
                              Budget& budget, Diagnostics& diagnostics);

}  // namespace cad::dwg
