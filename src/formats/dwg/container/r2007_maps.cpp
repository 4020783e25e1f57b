// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/r2007_maps.hpp"

#include <algorithm>
#include <string_view>

#include "formats/dwg/container/crc64.hpp"
#include "formats/dwg/container/lz77_r2007.hpp"

namespace cad::dwg::r2007 {
namespace {

constexpr rs::Code kCode = rs::Code::system_page;
// All copies of a map in a page; a drawing of 2 GB needs less.
constexpr std::uint64_t kMostMapBytes = 16u << 20;
constexpr std::size_t kPageEntry = 16, kSectionHead = 64, kSectionPageEntry = 56;
constexpr std::uint64_t kEncrypted = 1;  // 2: never encrypted
constexpr std::uint64_t kInterleaved = 4;

constexpr std::uint64_t align8(std::uint64_t size) { return (size + 7) & ~std::uint64_t{7}; }

bool crc_right(Bytes bytes, std::uint64_t seed, std::uint64_t crc) {
  return crc64_mirrored(crc64_seed1(seed, bytes.size()), bytes) == crc;
}

// One page of a map, as it is and corrected.
class MapPage {
 public:
  MapPage(Bytes page, const MapForm& form, std::uint64_t crc_seed, Budget& budget)
      : page_(page),
        form_(form),
        crc_seed_(crc_seed),
        words_(page.size() / rs::kWord),
        decoded_(words_ * rs::data_bytes(kCode)),
        budget_(budget) {}

  std::optional<std::vector<std::byte>> as_it_is() {
    rs::gather(kCode, page_, words_, decoded_);
    return checked_copy();
  }
  std::optional<std::vector<std::byte>> corrected(rs::Repair& repair) {
    repair = rs::gather_corrected(kCode, page_, words_, decoded_);
    return checked_copy();
  }
  // Of a page that was corrected: its first copy, whatever the CRCs say.
  std::optional<std::vector<std::byte>> unchecked() { return unpack(copy(0)); }

 private:
  Bytes copy(std::uint64_t index) const {
    return slice(decoded_, index * align8(form_.compressed), form_.compressed);
  }
  std::optional<std::vector<std::byte>> checked_copy() {
    for (std::uint64_t i = 0; i < form_.copies; ++i) {
      const Bytes bytes = copy(i);
      if (!crc_right(bytes, crc_seed_, form_.crc_compressed)) continue;
      auto map = unpack(bytes);
      if (map && crc_right(*map, crc_seed_, form_.crc_uncompressed)) return map;
    }
    return {};
  }
  std::optional<std::vector<std::byte>> unpack(Bytes bytes) {
    std::vector<std::byte> map;
    if (bytes.size() < form_.compressed) return {};
    if (form_.compressed >= form_.uncompressed)
      map.assign(bytes.begin(), bytes.end());
    else
      decompress_r2007(bytes, std::min<std::uint64_t>(form_.uncompressed, budget_.left()), map);
    budget_.spend(map.size());
    if (map.size() < form_.uncompressed) return {};
    return map;
  }

  Bytes page_;
  const MapForm& form_;
  std::uint64_t crc_seed_;
  std::size_t words_;
  std::vector<std::byte> decoded_;
  Budget& budget_;
};

std::optional<SectionEntry> parse_pages(Bytes map, std::size_t& at, std::uint64_t count,
                                        SectionEntry entry) {
  if (count > (map.size() - at) / kSectionPageEntry) return {};
  entry.pages.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i, at += kSectionPageEntry) {
    SectionPage page;
    page.start = u64(map, at);
    // at + 8: the size of the page, as much as it could hold
    page.number = u64(map, at + 0x10);
    page.uncompressed = u64(map, at + 0x18);
    page.compressed = u64(map, at + 0x20);
    page.checksum = u64(map, at + 0x28);
    page.crc = u64(map, at + 0x30);
    entry.pages.push_back(page);
  }
  return entry;
}

// UTF-16 with a zero at the end.
SectionId id_of_name(Bytes name) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(SectionId::count_); ++i) {
    const std::string_view known = name_of(static_cast<SectionId>(i));
    if (name.size() < 2 * known.size() || name.size() > 2 * known.size() + 2) continue;
    std::size_t same = 0;
    while (same < known.size() && u16(name, 2 * same) == static_cast<unsigned char>(known[same]))
      ++same;
    if (same == known.size()) return static_cast<SectionId>(i);
  }
  return SectionId::count_;
}

}  // namespace

std::optional<FoundMap> read_map(Bytes file, const MapForm& form, std::uint64_t crc_seed,
                                 std::array<std::uint64_t, 2> pages, Budget& budget) {
  if (form.compressed == 0 || form.compressed > kMostMapBytes || form.copies == 0 ||
      form.copies > kMostMapBytes / align8(form.compressed))
    return {};
  const std::size_t words =
      rs::words_for(kCode, static_cast<std::size_t>(align8(form.compressed) * form.copies));
  const std::size_t size = words * rs::kWord;
  const auto page_at = [&](std::uint64_t at) {
    const Bytes page = at > file.size() ? Bytes{} : slice(file, kPagesAt + at, size);
    return page.size() == size ? page : Bytes{};
  };
  for (std::size_t i = 0; i < pages.size(); ++i)
    if (const Bytes page = page_at(pages[i]); !page.empty())
      if (auto map = MapPage(page, form, crc_seed, budget).as_it_is())
        return FoundMap{std::move(*map), i, true, {}};
  std::optional<FoundMap> doubtful;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const Bytes page = page_at(pages[i]);
    if (page.empty()) continue;
    MapPage reader(page, form, crc_seed, budget);
    rs::Repair repair;
    if (auto map = reader.corrected(repair)) return FoundMap{std::move(*map), i, true, repair};
    if (doubtful) continue;
    if (auto map = reader.unchecked()) doubtful = FoundMap{std::move(*map), i, false, repair};
  }
  return doubtful;
}

PageMap::PageMap(Bytes map) {
  std::uint64_t at = 0;
  places_.reserve(map.size() / kPageEntry);
  for (std::size_t i = 0; map.size() - i >= kPageEntry; i += kPageEntry) {
    const auto size = load<std::int64_t>(map, i);
    const auto number = load<std::int64_t>(map, i + 8);  // negative: the page is not in use
    if (size < 0 || static_cast<std::uint64_t>(size) > (std::uint64_t{1} << 40)) {
      whole_ = false;
      break;
    }
    if (number > 0)
      places_.push_back({static_cast<std::uint64_t>(number), at, static_cast<std::uint64_t>(size)});
    at += static_cast<std::uint64_t>(size);
  }
  std::ranges::stable_sort(places_, {}, &PagePlace::number);
}

PagePlace* PageMap::find(std::uint64_t number) {
  const auto place = std::ranges::lower_bound(places_, number, {}, &PagePlace::number);
  return place != places_.end() && place->number == number ? &*place : nullptr;
}

SectionMap parse_section_map(Bytes map) {
  SectionMap found;
  for (std::size_t at = 0; at < map.size();) {
    SectionEntry entry;
    found.whole = map.size() - at >= kSectionHead;
    if (!found.whole) break;
    entry.size = u64(map, at);
    // at + 8: the most that a page holds
    entry.encrypted = u64(map, at + 0x10) == kEncrypted;
    // at + 0x18: a hash of the name
    const std::uint64_t name_bytes = u64(map, at + 0x20);
    // at + 0x28: 0
    entry.interleaved = u64(map, at + 0x30) == kInterleaved;
    const std::uint64_t pages = u64(map, at + 0x38);
    at += kSectionHead;
    found.whole = name_bytes <= map.size() - at;
    if (!found.whole) break;
    entry.id = id_of_name(map.subspan(at, static_cast<std::size_t>(name_bytes)));
    at += static_cast<std::size_t>(name_bytes);
    auto filled = parse_pages(map, at, pages, std::move(entry));
    found.whole = filled.has_value();
    if (!found.whole) break;
    if (filled->id != SectionId::count_ &&
        std::ranges::find(found.sections, filled->id, &SectionEntry::id) == found.sections.end())
      found.sections.push_back(std::move(*filled));
  }
  return found;
}

}  // namespace cad::dwg::r2007
