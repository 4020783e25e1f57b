// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/r2004_assemble.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "formats/dwg/container/lz77_r2004.hpp"
#include "formats/dwg/container/page_checksum.hpp"
#include "formats/dwg/container/r2004_pages.hpp"

namespace cad::dwg {
namespace {

// Pages of zeros are not stored; real sections lack few of them.
constexpr std::uint64_t kMostZeros = 16u << 20;
// Of a compressed page, unpacked; real ones have 0x7400.
constexpr std::uint64_t kMostPageBytes = 1u << 20;
// What is set aside at first, for each packed byte; sections that unpack to more grow.
constexpr std::uint64_t kUsualRatio = 8;

class Assembler {
 public:
  Assembler(Bytes file, const SectionPlan& plan, std::string_view name, Budget& budget,
            Diagnostics& diagnostics)
      : file_(file), plan_(plan), name_(name), budget_(budget), diagnostics_(diagnostics) {}

  std::vector<std::byte> run(std::vector<PlannedPage> pages);
  // The payload of a page as the file has it, checked.
  Bytes payload_of(const PlannedPage& page);
  void warn(std::string_view code, std::string_view message, std::uint64_t address) {
    diagnostics_.warn(code, name_, message, address == 0 ? "" : "byte " + std::to_string(address));
  }

 private:
  std::uint64_t size_limit() const { return plan_.size.value_or(budget_.left() + data_.size()); }
  void reserve(const std::vector<PlannedPage>& pages);
  bool fill_to(std::uint64_t end);
  bool append(const PlannedPage& page);
  Bytes unpack(const PlannedPage& page, Bytes payload);
  void finish();

  Bytes file_;
  const SectionPlan& plan_;
  std::string_view name_;
  Budget& budget_;
  Diagnostics& diagnostics_;
  std::vector<std::byte> data_;
  std::uint64_t zeros_ = 0;
  const std::uint64_t page_bytes_ = std::min(plan_.page_size, kMostPageBytes);
  std::unique_ptr<std::byte[]> scratch_;
};

Bytes Assembler::payload_of(const PlannedPage& page) {
  const DataPageHeader header = read_data_page_header(file_, page.address);
  const std::uint64_t room =
      page.room > kDataPageHeaderBytes ? page.room - kDataPageHeaderBytes : 0;
  const Bytes payload =
      slice(file_, page.address + kDataPageHeaderBytes, std::min(page.data_size, room));
  if (payload.size() < page.data_size)
    warn("DWG_PAGE_TRUNCATED",
         "A part of the section is cut off; what it lacks is left out of the drawing.",
         page.address);
  else if (header.tag != kDataPageTag || !header.checksum_right || header.start != page.start ||
           header.section != plan_.number || header.data_size != page.data_size)
    warn("DWG_PAGE_HEADER",
         "The head of a part of the section is damaged; the part is read all the same.",
         page.address);
  else if (page_checksum(0, payload) != header.data_checksum)
    warn("DWG_PAGE_CHECKSUM",
         "The checksum of a part of the section is wrong; what was read from it may be wrong, too.",
         page.address);
  return payload;
}

// By what is there, not by what the file says will come.
void Assembler::reserve(const std::vector<PlannedPage>& pages) {
  std::uint64_t packed = 0;
  for (const PlannedPage& page : pages)
    packed += slice(file_, page.address, std::min(page.data_size, page.room)).size();
  const std::uint64_t most = packed * (plan_.compressed ? kUsualRatio : 1);
  data_.reserve(static_cast<std::size_t>(
      std::min({most, size_limit() + page_bytes_, std::uint64_t{budget_.left()}})));
}

bool Assembler::fill_to(std::uint64_t end) {
  const std::uint64_t gap = end - data_.size();
  if (gap > kMostZeros - zeros_ || gap > budget_.left()) return false;
  zeros_ += gap;
  budget_.spend(static_cast<std::size_t>(gap));
  data_.resize(static_cast<std::size_t>(end));
  return true;
}

// False when nothing may follow any more.
bool Assembler::append(const PlannedPage& page) {
  if (page.start >= size_limit() || (page.start > data_.size() && !fill_to(page.start))) {
    warn("DWG_PAGE_MISPLACED",
         "A part of the section belongs behind its end; it is left out of the drawing.",
         page.address);
    return false;
  }
  if (page.start < data_.size()) {
    warn("DWG_PAGE_OVERLAP", "Parts of the section overlap; the later one is used.", page.address);
    data_.resize(static_cast<std::size_t>(page.start));
  }
  const Bytes payload = payload_of(page);
  const Bytes content = plan_.compressed ? unpack(page, payload) : payload;
  const Bytes affordable = slice(content, 0, budget_.left());
  data_.insert(data_.end(), affordable.data(), affordable.data() + affordable.size());
  budget_.spend(affordable.size());
  if (budget_.left() > 0) return true;
  warn("LIMIT_DECOMPRESSED",
       "The drawing unpacks to more bytes than are read; the rest is left out.", page.address);
  return false;
}

// What the page unpacks to, valid until the next.
Bytes Assembler::unpack(const PlannedPage& page, Bytes payload) {
  if (!scratch_)
    scratch_ = std::make_unique_for_overwrite<std::byte[]>(static_cast<std::size_t>(page_bytes_));
  const std::span out(scratch_.get(), static_cast<std::size_t>(page_bytes_));
  const Unpacked unpacked = unpack_r2004(payload, out);
  if (!unpacked.whole)
    warn("DWG_PAGE_DAMAGED",
         "A part of the section cannot be unpacked to its end; what it lacks is left out of the "
         "drawing.",
         page.address);
  return out.first(unpacked.produced);
}

void Assembler::finish() {
  if (!plan_.size) return;
  const std::uint64_t size = *plan_.size;
  if (data_.size() < size && !fill_to(size))
    warn("DWG_SECTION_TRUNCATED", "The end of the section is missing.", 0);
  if (data_.size() > size) data_.resize(static_cast<std::size_t>(size));
}

std::vector<std::byte> Assembler::run(std::vector<PlannedPage> pages) {
  std::ranges::stable_sort(pages, {}, &PlannedPage::start);
  const auto same_start = [](const PlannedPage& a, const PlannedPage& b) {
    return a.start == b.start;
  };
  pages.erase(std::unique(pages.begin(), pages.end(), same_start), pages.end());
  reserve(pages);
  for (const PlannedPage& page : pages)
    if (!append(page)) break;
  finish();
  return std::move(data_);
}

}  // namespace

bool has(std::span<const NamedPlan> plans, SectionId id) {
  return std::ranges::find(plans, id, &NamedPlan::id) != plans.end();
}

SectionBytes assemble_section(Bytes file, const SectionPlan& plan, std::string_view name,
                              Budget& budget, Diagnostics& diagnostics) {
  if (plan.lost_pages)
    diagnostics.warn(
        "DWG_PAGE_MISSING", name,
        "A part of the section was not found in the file; it is left out of the drawing.");
  Assembler assembler(file, plan, name, budget, diagnostics);
  SectionBytes section;
  if (plan.pages.empty() && plan.lost_pages) return section;
  if (!plan.compressed && plan.size && plan.pages.size() == 1 && plan.pages[0].start == 0 &&
      plan.pages[0].data_size >= *plan.size) {
    section.view = slice(assembler.payload_of(plan.pages[0]), 0, *plan.size);
    return section;
  }
  section.owned = assembler.run(plan.pages);
  return section;
}

}  // namespace cad::dwg
