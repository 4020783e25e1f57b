// SPDX-License-Identifier: Apache-2.0
// R2007 (ODA 5): sections in pages with error correction, compressed, found by a page map and a
// section map, which the file header points to.
#include <string>
#include <utility>

#include "formats/dwg/container/r2007_header.hpp"
#include "formats/dwg/container/r2007_maps.hpp"
#include "formats/dwg/container/r2007_pages.hpp"
#include "formats/dwg/container/r2007_recover.hpp"
#include "formats/dwg/container/sections.hpp"

namespace cad::dwg {
namespace {

using namespace r2007;

constexpr std::uint32_t kDataEncrypted = 1;
constexpr std::string_view kSubject = "DWG";

void report_repair(const rs::Repair& repair, std::string_view what, Diagnostics& diagnostics) {
  if (repair.bytes == 0) return;
  diagnostics.add(Severity::info, "DWG_REPAIRED", what,
                  "Damaged bytes were put right by the file's error correction.", {}, repair.bytes);
}

// The copy ends the file; something else may have been put behind it.
std::optional<Header> find_header_copy(Bytes file) {
  constexpr std::size_t kStep = 0x20, kFar = 0x4000;
  if (file.size() < kPagesAt + kHeaderPage) return {};
  const std::size_t last = (file.size() - kHeaderPage) / kStep * kStep;
  for (std::size_t at = last; at >= kPagesAt && last - at <= kFar; at -= kStep) {
    const auto copy = read_header_page(slice(file, at, kHeaderPage));
    if (copy && copy->crc_right) return copy->header;
  }
  return {};
}

// The header page behind the meta data, else its copy.
std::optional<Header> find_header(Bytes file, Diagnostics& diagnostics) {
  auto first = read_header_page(slice(file, kHeaderAt, kHeaderPage));
  if (first && first->crc_right) {
    report_repair(first->repair, "file header", diagnostics);
    return first->header;
  }
  if (const auto copy = find_header_copy(file)) {
    diagnostics.warn("DWG_FILE_HEADER", kSubject,
                     "The file header is damaged; its copy at the end of the file is used.");
    return copy;
  }
  if (!first) return {};
  diagnostics.warn("DWG_FILE_HEADER", kSubject,
                   "The file header is damaged and there is no whole copy of it.");
  return first->header;
}

std::optional<std::vector<std::byte>> find_map(Bytes file, const MapForm& form,
                                               std::uint64_t crc_seed,
                                               std::array<std::uint64_t, 2> pages, Budget& budget,
                                               std::string_view what, Diagnostics& diagnostics) {
  auto map = read_map(file, form, crc_seed, pages, budget);
  if (!map) return {};
  report_repair(map->repair, what, diagnostics);
  if (!map->crc_right)
    diagnostics.warn("DWG_MAPS", what,
                     "A table that says where the parts of the file are, is damaged. Something may "
                     "be missing or wrong.");
  else if (map->page > 0)
    diagnostics.add(Severity::info, "DWG_MAP_COPY", what,
                    "A table that says where the parts of the file are, is damaged; its copy is "
                    "used.");
  return std::move(map->bytes);
}

bool is_property(SectionId id) {
  return id == SectionId::summary_info || id == SectionId::preview || id == SectionId::app_info;
}

bool has_sentinel(Bytes header_section) {
  return u64(header_section, 0) == 0xA938DEFD231F7BCF &&
         u64(header_section, 8) == 0x5F336D4EB8687C5F;
}

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::damaged_drawing,
              "The DWG file is damaged: " + std::string(what) +
                  " cannot be read, nor its copy. Open the drawing in its program with RECOVER and "
                  "save it again, or use a backup.");
}

tl::unexpected<Error> encrypted() {
  return fail(ErrorCode::encrypted_drawing,
              "The drawing is encrypted with a password. Open it in its program with the "
              "password, remove the password there (SECURITYOPTIONS) and save it again.");
}

void report_missing(const Sections& sections, Diagnostics& diagnostics) {
  for (const SectionId id :
       {SectionId::header, SectionId::classes, SectionId::object_map, SectionId::objects})
    if (sections[id].empty())
      diagnostics.error("DWG_SECTION_MISSING", name_of(id),
                        "A section that every drawing has was not found in the file.");
}

std::optional<SectionMap> find_section_map(Bytes file, const Header& header, PageMap& pages,
                                           Budget& budget, Diagnostics& diagnostics) {
  const auto place_of = [&](std::uint64_t number) {
    const PagePlace* place = pages.find(number);
    return place == nullptr ? file.size() : place->at;
  };
  const auto bytes =
      find_map(file, header.section_map, header.crc_seed,
               {place_of(header.section_map_page), place_of(header.section_map2_page)}, budget,
               "section map", diagnostics);
  if (!bytes) return {};
  SectionMap map = parse_section_map(*bytes);
  if (!map.whole || !pages.whole())
    diagnostics.warn("DWG_MAPS", kSubject,
                     "The tables that say where the parts of the file are, are damaged. Something "
                     "may be missing.");
  return map;
}

Result<Sections> read_sections(Bytes file, const Header& header, PageMap pages, SectionMap map,
                               Budget& budget, Diagnostics& diagnostics) {
  Sections sections;
  SectionReader reader(file, std::move(pages), header.crc_seed, header.random_seed, budget,
                       diagnostics);
  for (SectionEntry& entry : map.sections) {
    const SectionId id = entry.id;
    if (entry.encrypted && !is_property(id)) return encrypted();
    if (!entry.encrypted) sections.set_owned(id, reader.read(std::move(entry)));
  }
  return sections;
}

Result<Sections> recover(Bytes file, const Header& header, const PageMap& pages, Budget& budget,
                         Diagnostics& diagnostics) {
  diagnostics.warn("DWG_MAPS", kSubject,
                   "The table that says what the parts of the file are, is lost; they were told by "
                   "their content. Something may be missing.");
  Sections sections = recover_sections(file, pages, header.random_seed, budget);
  if (sections[SectionId::objects].empty()) return damaged("the table of its sections");
  return sections;
}

}  // namespace

Result<Sections> open_r2007(Bytes file, const FileHead& head, const ContainerContext& context) {
  Diagnostics& diagnostics = context.diagnostics;
  Budget budget(most_unpacked(file.size(), context.limits.max_decompressed_bytes));
  const auto header = find_header(file, diagnostics);
  if (!header) return damaged("its file header");
  if (file.size() < header->file_size)
    diagnostics.warn("DWG_FILE_TRUNCATED", kSubject,
                     "The file is shorter than it was when it was saved; its end is missing.");
  const auto page_map =
      find_map(file, header->page_map, header->crc_seed,
               {header->page_map_at, header->page_map2_at}, budget, "page map", diagnostics);
  if (!page_map) return damaged("the table of its pages");
  PageMap pages(*page_map);
  auto map = find_section_map(file, *header, pages, budget, diagnostics);
  auto sections =
      map ? read_sections(file, *header, std::move(pages), std::move(*map), budget, diagnostics)
          : recover(file, *header, pages, budget, diagnostics);
  if (!sections) return sections;
  if ((head.security_flags & kDataEncrypted) != 0 && !has_sentinel((*sections)[SectionId::header]))
    return encrypted();
  report_missing(*sections, diagnostics);
  return sections;
}

}  // namespace cad::dwg
