// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/r2004_pages.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "formats/dwg/container/lz77_r2004.hpp"
#include "formats/dwg/container/page_checksum.hpp"
#include "formats/dwg/container/r2004_header.hpp"

namespace cad::dwg {
namespace {

constexpr std::size_t kSystemHeaderBytes = 0x14;
constexpr std::size_t kMostSystemBytes = 32u << 20;  // real maps need 8 to 24 bytes for each page

}  // namespace

std::optional<SystemPage> read_system_page(Bytes file, std::uint64_t at, std::uint32_t tag,
                                           Budget& budget) {
  const Bytes header = slice(file, at, kSystemHeaderBytes);
  if (header.size() < kSystemHeaderBytes || u32(header, 0) != tag) return {};
  const std::size_t unpacked_size = u32(header, 4);
  const std::size_t packed_size = u32(header, 8);
  const std::uint32_t checksum = u32(header, 0x10);
  const Bytes packed = slice(file, at + kSystemHeaderBytes, packed_size);
  constexpr std::array<std::byte, 4> kNoChecksum{};
  const std::uint32_t seed = page_checksum(page_checksum(0, header.first(0x10)), kNoChecksum);

  SystemPage page;
  page.checksum_right = packed.size() == packed_size && page_checksum(seed, packed) == checksum;
  page.data.resize(
      std::min({unpacked_size, packed.size() * kMostR2004Ratio, kMostSystemBytes, budget.left()}));
  const Unpacked unpacked = unpack_r2004(packed, page.data);
  page.whole = unpacked.whole && unpacked.produced == unpacked_size;
  page.data.resize(unpacked.produced);
  budget.spend(unpacked.produced);
  return page;
}

PageMap::PageMap(std::vector<PagePlace> places) : places_(std::move(places)) {
  std::ranges::stable_sort(places_, {}, &PagePlace::number);
}

PagePlace* PageMap::find(std::int32_t number) {
  const auto place = std::ranges::lower_bound(places_, number, {}, &PagePlace::number);
  return place != places_.end() && place->number == number ? &*place : nullptr;
}

std::vector<std::uint64_t> PageMap::addresses() const {
  std::vector<std::uint64_t> addresses(places_.size());
  std::ranges::transform(places_, addresses.begin(), &PagePlace::address);
  std::ranges::sort(addresses);
  return addresses;
}

PageMap parse_page_map(Bytes data) {
  constexpr std::size_t kEntryBytes = 8;
  constexpr std::size_t kGapBytes = 16;  // a gap's place in the tree of gaps follows its entry
  std::vector<PagePlace> places;
  std::uint64_t address = kR2004PagesAt;
  for (std::size_t at = 0; at + kEntryBytes <= data.size(); at += kEntryBytes) {
    const auto number = load<std::int32_t>(data, at);
    const std::uint32_t size = u32(data, at + 4);
    if (number > 0)
      places.push_back({number, address, size});
    else if (number < 0)
      at += kGapBytes;
    address += size;
  }
  return PageMap(std::move(places));
}

DataPageHeader read_data_page_header(Bytes file, std::uint64_t at) {
  std::array<std::uint32_t, kDataPageHeaderBytes / 4> words{};
  for (std::size_t i = 0; i < words.size(); ++i)
    words[i] = u32(file, at + 4 * i) ^ 0x4164536B ^ static_cast<std::uint32_t>(at);
  DataPageHeader header;
  header.tag = words[0];
  header.section = words[1];
  header.data_size = words[2];
  // words[3]: bytes that the page takes in the file
  header.start = words[4] | std::uint64_t{words[5]} << 32;
  const std::uint32_t checksum = std::exchange(words[6], 0);
  header.data_checksum = words[7];
  header.checksum_right =
      page_checksum(header.data_checksum, std::as_bytes(std::span(words))) == checksum;
  return header;
}

}  // namespace cad::dwg
