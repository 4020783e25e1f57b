// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/testing/container_writer_r2007.hpp"

#include <algorithm>
#include <string_view>

#include "formats/dwg/container/crc64.hpp"
#include "formats/dwg/container/r2007_header.hpp"
#include "formats/dwg/container/reed_solomon.hpp"

namespace cad::dwg::testing {
namespace {

using Buffer = std::vector<std::byte>;

constexpr std::size_t kPageAlign = 0x20, kMostPage = 0xF800;

std::size_t aligned(std::size_t size, std::size_t to) { return (size + to - 1) / to * to; }

void put(Buffer& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
void put64(Buffer& out, std::uint64_t value) { put(out, std::as_bytes(std::span(&value, 1))); }

void pad(Buffer& out, std::size_t to, std::uint64_t random_seed) {
  const Padding padding = padding_of(random_seed);
  for (std::size_t i = 0; out.size() < to; ++i) out.push_back(padding[i % padding.size()]);
}

// 5.13.2. The last word is filled with padding.
Buffer interleave(rs::Code code, Buffer data, std::uint64_t random_seed) {
  const std::size_t k = rs::data_bytes(code), words = rs::words_for(code, data.size());
  const std::size_t start = data.size();
  data.resize(words * k);
  const Padding padding = padding_of(random_seed);
  std::copy_n(padding.begin(), data.size() - start,
              data.begin() + static_cast<std::ptrdiff_t>(start));
  Buffer page(words * rs::kWord);
  for (std::size_t i = 0; i < words; ++i) {
    Buffer word(data.begin() + static_cast<std::ptrdiff_t>(i * k),
                data.begin() + static_cast<std::ptrdiff_t>((i + 1) * k));
    word.resize(rs::kWord);
    rs::encode(code, word, std::span(word).last(rs::check_bytes(code)));
    for (std::size_t j = 0; j < rs::kWord; ++j) page[j * words + i] = word[j];
  }
  return page;
}

// 5.13.1. The padding of the last word is not written.
Buffer plain(Buffer data, std::uint64_t random_seed) {
  constexpr rs::Code kCode = rs::Code::data_page;
  const std::size_t k = rs::data_bytes(kCode), size = data.size();
  for (std::size_t at = 0; at < size; at += k) {
    Buffer word(data.begin() + static_cast<std::ptrdiff_t>(at),
                data.begin() + static_cast<std::ptrdiff_t>(std::min(at + k, size)));
    pad(word, k, random_seed);
    data.resize(data.size() + rs::check_bytes(kCode));
    rs::encode(kCode, word, std::span(data).last(rs::check_bytes(kCode)));
  }
  return data;
}

std::uint64_t mirrored(std::uint64_t seed, Bytes bytes) {
  return crc64_mirrored(crc64_seed1(seed, bytes.size()), bytes);
}

// What stands in a system page (5.3), and what the header says of it.
struct SystemPage {
  Buffer page;
  std::uint64_t compressed = 0, uncompressed = 0, copies = 0;
  std::uint64_t crc_compressed = 0, crc_uncompressed = 0;
};

std::size_t system_page_bytes(std::size_t data) {  // 5.3.1
  const std::size_t page = (aligned(data, 8) * 2 + 238) / 239 * rs::kWord;
  return page < 0x400 ? 0x400 : aligned(page, kPageAlign);
}

SystemPage system_page(Bytes data, const DraftR2007& draft) {
  SystemPage result;
  Buffer packed = compress_r2007(data);
  if (packed.size() >= data.size()) packed.assign(data.begin(), data.end());
  result.compressed = packed.size();
  result.uncompressed = data.size();
  result.crc_compressed = mirrored(draft.crc_seed, packed);
  result.crc_uncompressed = mirrored(draft.crc_seed, data);
  const std::size_t size = system_page_bytes(data.size());
  packed.resize(aligned(packed.size(), 8));
  if (packed.empty()) packed.resize(8);
  result.copies = size / rs::kWord * 239 / packed.size();
  Buffer repeated;
  for (std::uint64_t i = 0; i < result.copies; ++i) put(repeated, packed);
  result.page = interleave(rs::Code::system_page, std::move(repeated), draft.random_seed);
  pad(result.page, size, draft.random_seed);
  return result;
}

// 5.2.1: the record's fields in their order.
Buffer header_record(const DraftR2007& draft, const FileR2007& file, const SystemPage& pages,
                     const SystemPage& sections, std::uint64_t first_map_page) {
  const auto at = [](std::size_t address) { return address - r2007::kPagesAt; };
  Buffer out;
  for (const std::uint64_t field :
       std::initializer_list<std::uint64_t>{0x70,
                                            file.bytes.size() + r2007::kHeaderPage,
                                            pages.crc_compressed,
                                            pages.copies,
                                            0,
                                            at(file.page_map2),
                                            first_map_page + 1,
                                            at(file.page_map),
                                            first_map_page,
                                            at(file.bytes.size()),
                                            pages.compressed,
                                            pages.uncompressed,
                                            draft.pages.size() + 4,
                                            first_map_page + 3,
                                            0x20,
                                            0x40,
                                            pages.crc_uncompressed,
                                            kMostPage,
                                            4,
                                            1,
                                            draft.sections.size() + 1,
                                            sections.crc_uncompressed,
                                            sections.compressed,
                                            first_map_page + 3,
                                            first_map_page + 2,
                                            sections.uncompressed,
                                            sections.crc_compressed,
                                            sections.copies,
                                            0,
                                            0x60100,
                                            draft.crc_seed,
                                            0,
                                            draft.random_seed,
                                            0})
    put64(out, field);
  const std::uint64_t crc = crc64_normal(crc64_seed2(0, out.size()), out);
  out.resize(out.size() - 8);
  put64(out, crc);
  return out;
}

Buffer header_page(Bytes record, std::uint64_t random_seed) {
  Buffer packed = compress_r2007(record);
  if (packed.size() >= record.size()) packed.assign(record.begin(), record.end());
  const auto size = static_cast<std::int64_t>(packed.size());
  Buffer copy;
  put64(copy, 0);  // CRC of the next two, not read
  put64(copy, 0);
  put64(copy, crc64_normal(crc64_seed2(0, packed.size()), packed));
  put64(copy, static_cast<std::uint64_t>(packed.size() < record.size() ? size : -size));
  put(copy, packed);
  copy.resize(aligned(copy.size(), 8));
  Buffer data;
  while (data.size() + copy.size() <= r2007::kHeaderWords * 239) put(data, copy);
  pad(data, r2007::kHeaderWords * 239, random_seed);
  Buffer page = interleave(rs::Code::system_page, std::move(data), random_seed);
  pad(page, r2007::kHeaderPage, random_seed);
  return page;
}

bool is_stored(SectionId id) {
  return id == SectionId::preview || id == SectionId::summary_info || id == SectionId::app_info;
}

void add_page(DraftR2007& draft, DraftR2007::Section& section, std::size_t start, Bytes data) {
  DraftR2007::SectionPage entry{.start = start,
                                .number = draft.pages.size() + 1,
                                .uncompressed = data.size(),
                                .checksum = page_checksum_r2007(data)};
  Buffer packed;
  if (section.encoding == 4) packed = compress_r2007(data);
  if (packed.empty() || packed.size() >= data.size()) packed.assign(data.begin(), data.end());
  entry.compressed = packed.size();
  entry.crc = mirrored(draft.crc_seed, packed);
  Buffer page;
  if (section.encoding == 4) {
    page = data_page_r2007(packed, draft.random_seed);
  } else {
    packed.resize(aligned(packed.size(), 8));
    page = plain(std::move(packed), draft.random_seed);
    pad(page, aligned(page.size(), kPageAlign), draft.random_seed);
  }
  draft.pages.push_back({entry.number, std::move(page)});
  section.pages.push_back(entry);
}

bool all_zero(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

}  // namespace

std::vector<std::byte> data_page_r2007(Bytes packed, std::uint64_t random_seed) {
  Buffer data(packed.begin(), packed.end());
  data.resize(aligned(data.size(), 8));
  Buffer page = interleave(rs::Code::data_page, std::move(data), random_seed);
  pad(page, aligned(page.size(), kPageAlign), random_seed);
  return page;
}

DraftR2007 draft_r2007(const std::map<SectionId, std::vector<std::byte>>& sections,
                       std::uint64_t crc_seed, std::uint64_t random_seed) {
  DraftR2007 draft{.pages = {}, .sections = {}, .crc_seed = crc_seed, .random_seed = random_seed};
  for (const auto& [id, data] : sections) {
    DraftR2007::Section section{.id = id, .size = data.size(), .encoding = is_stored(id) ? 1u : 4u};
    const std::size_t most = is_stored(id) ? data.size() : kMostPage;
    for (std::size_t at = 0; at < data.size(); at += most) {
      const Bytes page = slice(data, at, most);
      if (page.size() < most || !all_zero(page)) add_page(draft, section, at, page);
    }
    draft.sections.push_back(std::move(section));
  }
  return draft;
}

std::vector<std::byte> section_map_of(const DraftR2007& draft) {
  Buffer out;
  for (const auto& section : draft.sections) {
    const std::string_view name = name_of(section.id);
    for (const std::uint64_t field :
         {section.size, std::uint64_t{kMostPage}, section.encryption, std::uint64_t{0x11223344},
          std::uint64_t{2 * name.size() + 2}, std::uint64_t{0}, section.encoding,
          std::uint64_t{section.pages.size()}})
      put64(out, field);
    for (const char c : name) out.insert(out.end(), {static_cast<std::byte>(c), std::byte{0}});
    out.insert(out.end(), 2, std::byte{0});
    for (const auto& page : section.pages)
      for (const std::uint64_t field :
           {page.start, std::uint64_t{kMostPage}, page.number, page.uncompressed, page.compressed,
            page.checksum, page.crc})
        put64(out, field);
  }
  return out;
}

// As AutoCAD orders it: page map, data, section map twice, page map again, header again.
FileR2007 write_r2007(const DraftR2007& draft, Bytes section_map) {
  const std::size_t map_bytes = 16 * (draft.pages.size() + 4);
  const std::uint64_t first_map_page = 1000 + draft.pages.size();
  const SystemPage sections = system_page(section_map, draft);
  FileR2007 file;
  file.map_page_bytes = system_page_bytes(map_bytes);
  file.section_map_page_bytes = sections.page.size();
  Buffer page_map, body;
  const auto add = [&](std::uint64_t number, Bytes page) {
    put64(page_map, page.size());
    put64(page_map, number);
    put(body, page);
    return r2007::kPagesAt + body.size() - page.size();
  };
  const Buffer room(file.map_page_bytes);
  file.page_map = add(first_map_page, room);
  for (const auto& page : draft.pages) file.pages[page.number] = add(page.number, page.bytes);
  file.section_map = add(first_map_page + 2, sections.page);
  file.section_map2 = add(first_map_page + 3, sections.page);
  file.page_map2 = add(first_map_page + 1, room);
  const SystemPage pages = system_page(page_map, draft);

  put(file.bytes, std::as_bytes(std::span(std::string_view("AC1021"))));
  file.bytes.resize(r2007::kPagesAt);
  put(file.bytes, body);
  const auto place = [&](Bytes bytes, std::size_t at) {
    std::copy(bytes.begin(), bytes.end(), file.bytes.begin() + static_cast<std::ptrdiff_t>(at));
  };
  place(pages.page, file.page_map);
  place(pages.page, file.page_map2);
  const Buffer header =
      header_page(header_record(draft, file, pages, sections, first_map_page), draft.random_seed);
  place(header, r2007::kHeaderAt);
  put(file.bytes, header);
  return file;
}

std::vector<std::byte> write_r2007(const std::map<SectionId, std::vector<std::byte>>& sections) {
  const DraftR2007 draft = draft_r2007(sections);
  return write_r2007(draft, section_map_of(draft)).bytes;
}

}  // namespace cad::dwg::testing
