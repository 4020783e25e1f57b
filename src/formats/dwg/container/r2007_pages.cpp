// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/r2007_pages.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "formats/dwg/container/lz77_r2007.hpp"

namespace cad::dwg::r2007 {
namespace {

constexpr rs::Code kCode = rs::Code::data_page;
constexpr std::size_t kData = rs::data_bytes(kCode);
// Pages of zeros are not stored; real sections lack few of them.
constexpr std::uint64_t kMostZeros = 16u << 20;
// What is set aside at first, for each byte of the file; sections that unpack to more grow.
constexpr std::uint64_t kUsualRatio = 4;

std::size_t align8(std::size_t size) { return (size + 7) & ~std::size_t{7}; }

bool crc_right(Bytes bytes, const SectionPage& form, std::uint64_t crc_seed) {
  return bytes.size() == form.compressed &&
         crc64_mirrored(crc64_seed1(crc_seed, bytes.size()), bytes) == form.crc;
}

// The check bytes are only looked at when the CRC says that something is wrong.
Payload interleaved_payload(Bytes page, const SectionPage& form, std::uint64_t crc_seed,
                            std::vector<std::byte>& scratch) {
  const std::size_t size = static_cast<std::size_t>(form.compressed);
  const std::size_t words = rs::words_for(kCode, align8(size));
  if (page.size() < words * kData) {  // cut off: the first word's bytes that are left
    scratch.clear();
    for (std::size_t at = 0; at < page.size() && scratch.size() < std::min(size, kData);
         at += words)
      scratch.push_back(page[at]);
    return {scratch, false, {}};
  }
  scratch.resize(words * kData);
  rs::gather(kCode, page, words, scratch);
  const Bytes bytes = Bytes(scratch).first(size);
  if (crc_right(bytes, form, crc_seed)) return {bytes, true, {}};
  const rs::Repair repair = rs::gather_corrected(kCode, page, words, scratch);
  return {bytes, crc_right(bytes, form, crc_seed), repair};
}

Payload plain_payload(Bytes page, const SectionPage& form, std::uint64_t crc_seed,
                      const Padding& padding, std::vector<std::byte>& scratch) {
  const Bytes bytes = slice(page, 0, form.compressed);
  if (bytes.size() < form.compressed || crc_right(bytes, form, crc_seed))
    return {bytes, bytes.size() == form.compressed, {}};
  scratch.assign(align8(bytes.size()), std::byte{0});
  std::copy(bytes.begin(), bytes.end(), scratch.begin());
  const rs::Repair repair = rs::correct_plain(kCode, page, padding, scratch);
  const Bytes corrected = Bytes(scratch).first(bytes.size());
  return {corrected, crc_right(corrected, form, crc_seed), repair};
}

}  // namespace

Payload read_payload(Bytes page, const SectionPage& form, bool interleaved, std::uint64_t crc_seed,
                     const Padding& padding, std::vector<std::byte>& scratch) {
  // What the page cannot hold is not there: sizes are believed up to its end.
  if (form.compressed > page.size()) return {interleaved ? Bytes{} : page, false, {}};
  return interleaved ? interleaved_payload(page, form, crc_seed, scratch)
                     : plain_payload(page, form, crc_seed, padding, scratch);
}

void SectionReader::warn(std::string_view code, std::string_view message, const SectionPage* page) {
  diagnostics_.warn(code, name_, message,
                    page == nullptr ? std::string() : "page " + std::to_string(page->number));
}

bool SectionReader::fill_to(std::uint64_t end) {
  const std::uint64_t gap = end - data_.size();
  if (gap > kMostZeros - zeros_ || gap > budget_.left()) return false;
  zeros_ += gap;
  budget_.spend(static_cast<std::size_t>(gap));
  data_.resize(static_cast<std::size_t>(end));
  return true;
}

void SectionReader::unpack(const Payload& payload, const SectionPage& page) {
  const std::size_t start = data_.size();
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>(page.uncompressed, budget_.left()));
  bool whole = true;
  if (page.compressed < page.uncompressed) {
    whole = decompress_r2007(payload.bytes, size, data_);
  } else {
    const Bytes bytes = slice(payload.bytes, 0, size);
    data_.insert(data_.end(), bytes.begin(), bytes.end());
  }
  const Bytes unpacked = Bytes(data_).subspan(start);
  budget_.spend(unpacked.size());
  if (budget_.left() == 0)
    warn("LIMIT_DECOMPRESSED",
         "The drawing unpacks to more bytes than are read; the rest is left out.", &page);
  else if (payload.bytes.size() < page.compressed)
    warn("DWG_PAGE_TRUNCATED",
         "A part of the section is cut off; what it lacks is left out of the drawing.", &page);
  else if (!whole || unpacked.size() < page.uncompressed)
    warn("DWG_PAGE_DAMAGED",
         "A part of the section cannot be unpacked to its end; what it lacks is left out of the "
         "drawing.",
         &page);
  else if (!payload.crc_right && page_checksum_r2007(unpacked) != page.checksum)
    warn("DWG_PAGE_CHECKSUM",
         "The checksum of a part of the section is wrong; what was read from it may be wrong, too.",
         &page);
  else if (payload.repair.bytes > 0)
    diagnostics_.add(Severity::info, "DWG_REPAIRED", name_,
                     "Damaged bytes of the section were put right by the file's error correction.",
                     "page " + std::to_string(page.number), payload.repair.bytes);
}

// False when nothing may follow any more.
bool SectionReader::append(const SectionEntry& entry, const SectionPage& page) {
  if (page.start >= entry.size || page.uncompressed > entry.size - page.start ||
      (page.start > data_.size() && !fill_to(page.start))) {
    warn("DWG_PAGE_MISPLACED",
         "A part of the section belongs behind its end; it is left out of the drawing.", &page);
    return false;
  }
  if (page.start < data_.size()) {
    warn("DWG_PAGE_OVERLAP", "Parts of the section overlap; the later one is used.", &page);
    data_.resize(static_cast<std::size_t>(page.start));
  }
  PagePlace* const place = pages_.find(page.number);
  if (place == nullptr || place->used || place->at > file_.size()) {
    warn("DWG_PAGE_MISSING",
         "A part of the section was not found in the file; it is left out of the drawing.", &page);
  } else {
    place->used = true;
    const Bytes bytes = slice(file_, kPagesAt + place->at, place->size);
    unpack(read_payload(bytes, page, entry.interleaved, crc_seed_, padding_, scratch_), page);
  }
  return budget_.left() > 0;
}

std::vector<std::byte> SectionReader::read(SectionEntry entry) {
  name_ = name_of(entry.id);
  data_.clear();
  data_.reserve(static_cast<std::size_t>(
      std::min({entry.size, kUsualRatio * file_.size(), std::uint64_t{budget_.left()}})));
  std::ranges::stable_sort(entry.pages, {}, &SectionPage::start);
  for (const SectionPage& page : entry.pages)
    if (!append(entry, page)) break;
  if (data_.size() < entry.size && !fill_to(entry.size))
    warn("DWG_SECTION_TRUNCATED", "The end of the section is missing.", nullptr);
  if (data_.capacity() / 2 > data_.size()) data_.shrink_to_fit();
  return std::exchange(data_, {});
}

}  // namespace cad::dwg::r2007
