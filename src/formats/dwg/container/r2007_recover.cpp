// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/r2007_recover.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "formats/dwg/container/crc64.hpp"
#include "formats/dwg/container/lz77_r2007.hpp"
#include "formats/dwg/container/reed_solomon.hpp"

namespace cad::dwg::r2007 {
namespace {

using Buffer = std::vector<std::byte>;

constexpr rs::Code kCode = rs::Code::data_page;
constexpr std::size_t kData = rs::data_bytes(kCode);
constexpr std::size_t kPageAlign = 0x20;
constexpr std::size_t kMostPageBytes = 1u << 20;  // unpacked; real ones have 0x11800
constexpr std::size_t kObjectsStep = 0x80;        // all pages of objects but the last are multiples
constexpr std::uint32_t kObjectsTag = 0x0DCA;

// The data of a page of interleaved words, corrected; empty when it is no such page.
Buffer corrected_data(Bytes file, const PagePlace& place) {
  const auto size = static_cast<std::size_t>(place.size);
  const std::size_t words = size / rs::kWord;
  if (words == 0 || size - words * rs::kWord >= kPageAlign || place.at > file.size()) return {};
  const Bytes page = slice(file, kPagesAt + place.at, words * rs::kWord);
  if (page.size() < words * rs::kWord) return {};
  Buffer data(words * kData);
  // Of words that are none, every other one is "mended": a page must be right for the most part.
  const rs::Repair repair = rs::gather_corrected(kCode, page, words, data);
  if (repair.bytes + 2 * repair.lost_words > words) data.clear();
  return data;
}

// Without the padding of the last word, which tells how long the page's own data is up to 7 bytes.
Bytes without_padding(Bytes data, const Padding& padding) {
  for (std::size_t end = (data.size() - kData + 8) / 8 * 8; end < data.size(); end += 8) {
    const Bytes rest = data.subspan(end);
    if (std::equal(rest.begin(), rest.end(), padding.begin())) return data.first(end);
  }
  return data.first(data.size() / 8 * 8);
}

// What the page unpacks to: the length that leaves nothing over, best one of a page of objects.
Buffer unpacked(Bytes data, Budget& budget) {
  Buffer best;
  bool best_whole = false;
  for (std::size_t less = 0; less < 8 && less < data.size(); ++less) {
    Buffer bytes;
    const std::size_t most = std::min(kMostPageBytes, budget.left());
    const bool whole = decompress_r2007(data.first(data.size() - less), most, bytes);
    budget.spend(bytes.size());
    if (whole && bytes.size() % kObjectsStep == 0) return bytes;
    if (best.empty() || (whole && !best_whole)) best = std::move(bytes), best_whole = whole;
  }
  return best;
}

bool starts_with(Bytes bytes, std::uint64_t first, std::uint64_t second) {
  return u64(bytes, 0) == first && u64(bytes, 8) == second;
}

}  // namespace

Sections recover_sections(Bytes file, const PageMap& pages, std::uint64_t random_seed,
                          Budget& budget) {
  const Padding padding = padding_of(random_seed);
  std::vector<PagePlace> places(pages.places().begin(), pages.places().end());
  std::ranges::stable_sort(places, {}, &PagePlace::at);
  Sections sections;
  Buffer first, others;
  bool past_objects = false;
  for (const PagePlace& place : places) {
    const Buffer data = corrected_data(file, place);
    if (data.empty()) continue;
    Buffer bytes = unpacked(without_padding(data, padding), budget);
    if (starts_with(bytes, 0xA938DEFD231F7BCF, 0x5F336D4EB8687C5F)) {
      sections.set_owned(SectionId::header, std::move(bytes));
    } else if (starts_with(bytes, 0xC5F8A9C4B8C4A18D, 0x8AB6CFE75FF4DCC0)) {
      sections.set_owned(SectionId::classes, std::move(bytes));
    } else if (u32(bytes, 0) == kObjectsTag && first.empty()) {
      first = std::move(bytes);
    } else if (bytes.size() < kObjectsStep) {  // of free space: what follows is no object
      past_objects = past_objects || !others.empty() || !first.empty();
    } else if (!past_objects) {
      others.insert(others.end(), bytes.begin(), bytes.end());
    }
  }
  first.insert(first.end(), others.begin(), others.end());
  sections.set_owned(SectionId::objects, std::move(first));
  return sections;
}

}  // namespace cad::dwg::r2007
