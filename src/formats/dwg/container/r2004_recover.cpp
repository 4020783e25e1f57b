// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/r2004_recover.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "formats/dwg/container/lz77_r2004.hpp"
#include "formats/dwg/container/page_checksum.hpp"
#include "formats/dwg/container/r2004_header.hpp"
#include "formats/dwg/container/r2004_pages.hpp"
#include "formats/dwg/container/r2004_section_map.hpp"
#include "formats/dwg/crc16.hpp"

namespace cad::dwg {
namespace {

constexpr std::size_t kMostPages = 1u << 20;
constexpr std::size_t kMostSectionMaps = 16;  // that are tried, the last ones first
constexpr std::size_t kMostSections = 256;    // that are told by content
constexpr std::size_t kMostTwins = 16;        // pages for one place that are looked at
constexpr std::uint64_t kUsualPageBytes = 0x7400;

bool has_number(std::span<const NamedPlan> plans, std::uint32_t section) {
  return std::ranges::any_of(plans,
                             [&](const NamedPlan& named) { return named.plan.number == section; });
}

struct FoundPage {
  std::uint32_t section = 0;
  PlannedPage page;
  bool data_right = false;  // by its checksum
};

struct Found {
  std::vector<FoundPage> pages;             // by section, start, then best first
  std::vector<std::uint64_t> section_maps;  // where their tag is
};

bool data_right(Bytes file, const PlannedPage& page, std::uint32_t checksum) {
  const Bytes payload = slice(file, page.address + kDataPageHeaderBytes,
                              std::min(page.data_size, page.room - kDataPageHeaderBytes));
  return payload.size() == page.data_size && page_checksum(0, payload) == checksum;
}

// Saving again may leave old pages behind: of two for one place, that with the right checksum is
// taken, then the one further back.
void sort_best_first(std::vector<FoundPage>& pages) {
  std::ranges::sort(pages, [](const FoundPage& a, const FoundPage& b) {
    if (a.section != b.section) return a.section < b.section;
    if (a.page.start != b.page.start) return a.page.start < b.page.start;
    if (a.data_right != b.data_right) return a.data_right;
    return a.page.address > b.page.address;
  });
}

Found scan(Bytes file, const std::vector<std::uint64_t>* live) {
  Found found;
  std::vector<std::uint32_t> checksums;
  for (std::uint64_t at = kR2004PagesAt; at + kPageAlignment <= file.size(); at += kPageAlignment) {
    if (live != nullptr && !std::ranges::binary_search(*live, at)) continue;
    if (u32(file, at) == kSectionMapTag) found.section_maps.push_back(at);
    const DataPageHeader header = read_data_page_header(file, at);
    if (header.tag != kDataPageTag || !header.checksum_right) continue;
    if (found.pages.size() == kMostPages) break;
    found.pages.push_back({header.section, {at, 0, header.data_size, header.start}, false});
    checksums.push_back(header.data_checksum);
  }
  std::uint64_t end = file.size();
  for (std::size_t i = found.pages.size(); i-- > 0;) {
    PlannedPage& page = found.pages[i].page;
    page.room = end - page.address;
    end = page.address;
    found.pages[i].data_right = data_right(file, page, checksums[i]);
  }
  sort_best_first(found.pages);
  return found;
}

using Group = std::span<const FoundPage>;  // the pages of one section

Group group_of(Group pages, std::uint32_t section) {
  const auto begin = std::ranges::lower_bound(pages, section, {}, &FoundPage::section);
  const auto end = std::ranges::upper_bound(pages, section, {}, &FoundPage::section);
  return {begin, end};
}

// The page that the section map means: of its size if there is one.
const FoundPage* match(Group group, const SectionPage& listed) {
  const auto start = [](const FoundPage& found) { return found.page.start; };
  const auto first = std::ranges::lower_bound(group, listed.start, {}, start);
  const auto twins = group.subspan(static_cast<std::size_t>(first - group.begin()));
  if (twins.empty() || start(twins.front()) != listed.start) return nullptr;
  for (const FoundPage& found : twins.first(std::min(twins.size(), kMostTwins)))
    if (start(found) == listed.start && found.page.data_size == listed.data_size) return &found;
  return &twins.front();
}

// How many pages of the map are in the file as it says.
std::size_t score(const SectionMap& map, Group pages) {
  std::size_t hits = 0;
  for (const SectionEntry& entry : map.entries) {
    const Group group = group_of(pages, entry.number);
    for (const SectionPage& listed : entry.pages) {
      const FoundPage* found = match(group, listed);
      if (found != nullptr && found->page.data_size == listed.data_size) ++hits;
    }
  }
  return hits;
}

SectionPlan plan_of(const SectionEntry& entry, Group group) {
  SectionPlan plan{.number = entry.number,
                   .size = entry.size,
                   .page_size = entry.page_size,
                   .compressed = entry.compressed};
  for (const SectionPage& listed : entry.pages) {
    if (const FoundPage* found = match(group, listed))
      plan.pages.push_back(found->page);
    else
      plan.lost_pages = true;
  }
  return plan;
}

struct MapPlans {
  std::vector<NamedPlan> plans;
  bool trusted = false;
};

std::vector<NamedPlan> plans_of(const SectionMap& map, Group pages) {
  std::vector<NamedPlan> plans;
  for (const SectionEntry& entry : map.entries)
    if (const SectionId id = id_of(entry.name); id != SectionId::count_ && !has(plans, id))
      plans.push_back({id, plan_of(entry, group_of(pages, entry.number))});
  return plans;
}

// By the section map that fits the pages best; of two equal ones, the one further back.
MapPlans plans_by_map(Bytes file, const Found& found, Budget& budget) {
  MapPlans best;
  std::size_t most_hits = 0;
  const std::size_t candidates = std::min(found.section_maps.size(), kMostSectionMaps);
  for (std::size_t i = 0; i < candidates; ++i) {
    const std::uint64_t at = found.section_maps[found.section_maps.size() - 1 - i];
    const auto page = read_system_page(file, at, kSectionMapTag, budget);
    if (!page) continue;
    const SectionMap map = parse_section_map(page->data);
    const std::size_t hits = score(map, found.pages);
    if (hits <= most_hits) continue;
    most_hits = hits;
    best = {plans_of(map, found.pages), page->whole && page->checksum_right && map.whole};
  }
  return best;
}

bool starts_with(Bytes bytes, std::initializer_list<std::uint8_t> head) {
  return bytes.size() >= head.size() &&
         std::equal(head.begin(), head.end(), bytes.begin(), [](std::uint8_t want, std::byte is) {
           return want == std::to_integer<std::uint8_t>(is);
         });
}

// The first chunk of an object map has its size (big-endian) in front and its CRC behind.
bool is_object_map(Bytes bytes) {
  const auto big_endian = [&](std::size_t at) {
    return static_cast<std::uint16_t>(u8(bytes, at) << 8 | u8(bytes, at + 1));
  };
  const std::size_t size = big_endian(0);
  return size > 2 && size + 2 <= bytes.size() &&
         crc16(kCrcSeed, bytes.first(size)) == big_endian(size);
}

SectionId id_by_content(Bytes first_page) {
  if (starts_with(first_page, {0xCF, 0x7B, 0x1F, 0x23, 0xFD, 0xDE, 0x38, 0xA9}))
    return SectionId::header;
  if (starts_with(first_page, {0x8D, 0xA1, 0xC4, 0xB8, 0xC4, 0xA9, 0xF8, 0xC5}))
    return SectionId::classes;
  if (starts_with(first_page, {0x1F, 0x25, 0x6D, 0x07, 0xD4, 0x36, 0x28, 0x28}))
    return SectionId::preview;
  if (starts_with(first_page, {0xCA, 0x0D, 0x00, 0x00})) return SectionId::objects;
  if (starts_with(first_page, {'j', 'a', 'r', 'd'})) return SectionId::data_storage;
  if (is_object_map(first_page)) return SectionId::object_map;
  return SectionId::count_;
}

// A plan without a section map: whatever size, compressed if its first page can be unpacked.
SectionPlan plan_of(Bytes file, Group group) {
  SectionPlan plan{.number = group.front().section, .page_size = kUsualPageBytes};
  for (const FoundPage& found : group)
    if (plan.pages.empty() || plan.pages.back().start != found.page.start)
      plan.pages.push_back(found.page);
  std::vector<std::byte> unpacked(kUsualPageBytes);
  const PlannedPage& first = plan.pages.front();
  const Bytes payload = slice(file, first.address + kDataPageHeaderBytes, first.data_size);
  plan.compressed = unpack_r2004(payload, unpacked).whole;
  if (!plan.compressed) plan.page_size = file.size();
  return plan;
}

void add_plans_by_content(Bytes file, const Found& found, Budget& budget,
                          std::vector<NamedPlan>& plans) {
  Diagnostics unheard;
  Group headless;  // the longest section without its first page
  std::size_t tried = 0;
  for (Group left = found.pages; !left.empty() && tried < kMostSections; ++tried) {
    const Group group = group_of(left, left.front().section);
    left = left.subspan(group.size());
    if (has_number(plans, group.front().section)) continue;
    if (group.front().page.start != 0) {
      if (group.size() > headless.size()) headless = group;
      continue;
    }
    SectionPlan plan = plan_of(file, group);
    SectionPlan beginning = plan;
    beginning.pages.resize(1);
    const SectionBytes first = assemble_section(file, beginning, {}, budget, unheard);
    const SectionId id = id_by_content(first.owned);
    if (id != SectionId::count_ && !has(plans, id)) plans.push_back({id, std::move(plan)});
  }
  if (!headless.empty() && !has(plans, SectionId::objects)) {
    NamedPlan named{SectionId::objects, plan_of(file, headless)};
    named.plan.lost_pages = true;
    plans.push_back(std::move(named));
  }
}

}  // namespace

std::vector<NamedPlan> recover_r2004_plans(Bytes file, const std::vector<std::uint64_t>* live,
                                           Budget& budget) {
  const Found found = scan(file, live);
  MapPlans by_map = plans_by_map(file, found, budget);
  std::vector<NamedPlan> plans;
  if (by_map.trusted) plans = std::move(by_map.plans);
  add_plans_by_content(file, found, budget, plans);
  if (by_map.trusted) return plans;
  for (NamedPlan& named : by_map.plans)  // a damaged map still names what has no face of its own
    if (!has(plans, named.id) && !has_number(plans, named.plan.number))
      plans.push_back(std::move(named));
  return plans;
}

}  // namespace cad::dwg
