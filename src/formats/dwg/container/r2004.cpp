// SPDX-License-Identifier: Apache-2.0
// R2004, R2010, R2013 and R2018 (ODA 4, 6, 7, 8): sections in compressed pages, found by a page map
// and a section map, which the encrypted file header points to.
#include <optional>
#include <string>

#include "formats/dwg/container/r2004_assemble.hpp"
#include "formats/dwg/container/r2004_header.hpp"
#include "formats/dwg/container/r2004_pages.hpp"
#include "formats/dwg/container/r2004_recover.hpp"
#include "formats/dwg/container/r2004_section_map.hpp"
#include "formats/dwg/container/sections.hpp"

namespace cad::dwg {
namespace {

constexpr std::uint32_t kDataEncrypted = 1;
constexpr std::uint32_t kPropertiesEncrypted = 2;

std::optional<R2004Header> find_header(Bytes file, Diagnostics& diagnostics) {
  const auto header = read_r2004_header(file, kR2004HeaderAt);
  if (header && header->checksum_right) return header;
  const auto copy = find_r2004_header_copy(file);
  diagnostics.warn("DWG_FILE_HEADER", "DWG",
                   copy ? "The file header is damaged; its copy at the end of the file is used."
                        : "The file header is damaged and there is no whole copy of it.");
  return copy ? copy : header;
}

bool trusted(const std::optional<SystemPage>& page) {
  return page && page->whole && page->checksum_right;
}

SectionPlan plan_of(const SectionEntry& entry, PageMap& pages) {
  SectionPlan plan{.number = entry.number,
                   .size = entry.size,
                   .page_size = entry.page_size,
                   .compressed = entry.compressed};
  for (const SectionPage& listed : entry.pages) {
    PagePlace* place = pages.find(listed.number);
    if (place == nullptr || place->used) {
      plan.lost_pages = true;
      continue;
    }
    place->used = true;
    plan.pages.push_back({place->address, place->size, listed.data_size, listed.start});
  }
  return plan;
}

std::vector<NamedPlan> plans_of(const SectionMap& map, PageMap& pages) {
  std::vector<NamedPlan> plans;
  for (const SectionEntry& entry : map.entries)
    if (const SectionId id = id_of(entry.name); id != SectionId::count_ && !has(plans, id))
      plans.push_back({id, plan_of(entry, pages)});
  return plans;
}

std::vector<NamedPlan> recover(Bytes file, const PageMap* pages, Budget& budget,
                               Diagnostics& diagnostics) {
  diagnostics.warn("DWG_MAPS", "DWG",
                   "The tables that say where the parts of the file are, are damaged; the parts "
                   "were searched for. Something may be missing or outdated.");
  if (pages == nullptr) return recover_r2004_plans(file, nullptr, budget);
  const auto live = pages->addresses();
  return recover_r2004_plans(file, &live, budget);
}

std::vector<NamedPlan> plans_of(Bytes file, Budget& budget, Diagnostics& diagnostics) {
  const auto header = find_header(file, diagnostics);
  if (!header) return recover(file, nullptr, budget, diagnostics);
  const auto page_map = read_system_page(file, header->page_map_address, kPageMapTag, budget);
  if (!trusted(page_map)) return recover(file, nullptr, budget, diagnostics);
  PageMap pages = parse_page_map(page_map->data);
  const PagePlace* place = pages.find(header->section_map_page);
  if (place == nullptr) return recover(file, &pages, budget, diagnostics);
  const auto section_map = read_system_page(file, place->address, kSectionMapTag, budget);
  if (!trusted(section_map)) return recover(file, &pages, budget, diagnostics);
  const SectionMap map = parse_section_map(section_map->data);
  if (!map.whole) return recover(file, &pages, budget, diagnostics);
  return plans_of(map, pages);
}

void report_missing(const std::vector<NamedPlan>& plans, Diagnostics& diagnostics) {
  for (const SectionId id :
       {SectionId::header, SectionId::classes, SectionId::object_map, SectionId::objects})
    if (!has(plans, id))
      diagnostics.error("DWG_SECTION_MISSING", name_of(id),
                        "A section that every drawing has was not found in the file.");
}

}  // namespace

Result<Sections> open_r2004(Bytes file, const FileHead& head, const ContainerContext& context) {
  if ((head.security_flags & kDataEncrypted) != 0)
    return fail(ErrorCode::encrypted_drawing,
                "The drawing is encrypted with a password. Open it in its program with the "
                "password, remove the password there (SECURITYOPTIONS) and save it again.");
  Diagnostics& diagnostics = context.diagnostics;
  Budget budget(most_unpacked(file.size(), context.limits.max_decompressed_bytes));
  const std::vector<NamedPlan> plans = plans_of(file, budget, diagnostics);
  if (plans.empty())
    return fail(ErrorCode::damaged_drawing,
                "The DWG file is damaged: no part of the drawing can be found in it. Open it in "
                "its program with RECOVER and save it again, or use a backup.");
  report_missing(plans, diagnostics);
  Sections sections;
  for (const NamedPlan& named : plans) {
    const bool property = named.id == SectionId::summary_info || named.id == SectionId::preview;
    if (property && (head.security_flags & kPropertiesEncrypted) != 0) continue;
    SectionBytes bytes = assemble_section(file, named.plan, name_of(named.id), budget, diagnostics);
    if (bytes.owned.empty())
      sections.set_view(named.id, bytes.view);
    else
      sections.set_owned(named.id, std::move(bytes.owned));
  }
  return sections;
}

}  // namespace cad::dwg
