// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/testing/container_writer_r2004.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <string_view>

#include "formats/dwg/container/page_checksum.hpp"
#include "formats/dwg/container/r2004_header.hpp"
#include "formats/dwg/container/r2004_pages.hpp"
#include "formats/dwg/testing/lz77_r2004_packer.hpp"

namespace cad::dwg::testing {
namespace {

using Buffer = std::vector<std::byte>;

constexpr std::size_t kPageBytes = 0x7400;

template <class T>
void put(Buffer& to, T value) {
  const auto* bytes = reinterpret_cast<const std::byte*>(&value);
  to.insert(to.end(), bytes, bytes + sizeof value);
}

template <class T>
void put_at(Buffer& to, std::size_t at, T value) {
  std::memcpy(to.data() + at, &value, sizeof value);
}

void append(Buffer& to, Bytes bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

std::uint64_t align(Buffer& file) {
  file.resize((file.size() + kPageAlignment - 1) / kPageAlignment * kPageAlignment);
  return file.size();
}

struct Page {
  std::int32_t number = 0;
  std::uint32_t data_size = 0;
  std::uint64_t start = 0;
  std::uint64_t address = 0;
};

struct Section {
  SectionId id = SectionId::count_;
  std::uint32_t number = 0;
  std::uint64_t size = 0;
  std::uint32_t page_size = kPageBytes;
  bool compressed = true;
  std::vector<Page> pages;
};

bool is_compressed(SectionId id) {
  return id != SectionId::summary_info && id != SectionId::preview && id != SectionId::app_info;
}

class Writer {
 public:
  explicit Writer(Version version) : version_(version), file_(kR2004PagesAt) {}

  void add(SectionId id, std::uint32_t number, const Buffer& content) {
    Section& section = sections_.emplace_back();
    section.id = id;
    section.number = number;
    section.size = content.size();
    section.compressed = is_compressed(id);
    if (!section.compressed)
      section.page_size = static_cast<std::uint32_t>((content.size() + 0x7F) / 0x80 * 0x80);
    for (std::size_t start = 0; start < content.size(); start += section.page_size)
      add_page(section, start, slice(content, start, section.page_size));
  }

  Buffer finish() {
    const std::uint64_t section_map = append_system_page(file_, kSectionMapTag, section_map_data());
    const std::int32_t section_map_page = next_page_ + 1;  // one number is left out
    const std::uint64_t page_map = align(file_);
    append_system_page(file_, kPageMapTag, page_map_data(section_map, page_map));
    const std::uint64_t second = file_.size();
    const Buffer header = header_data(page_map, section_map_page, second);
    append(file_, header);
    std::ranges::copy(header, file_.begin() + kR2004HeaderAt);
    plain_header();
    return std::move(file_);
  }

 private:
  void add_page(Section& section, std::size_t start, Bytes content) {
    if (std::ranges::all_of(content, [](std::byte b) { return b == std::byte{}; })) return;
    Buffer full(content.begin(), content.end());
    full.resize(section.page_size);
    const Buffer payload = section.compressed ? pack_r2004(full) : full;
    const std::uint64_t address = append_data_page(file_, section.number, start, payload);
    section.pages.push_back(
        {next_page_++, static_cast<std::uint32_t>(payload.size()), start, address});
  }

  Buffer section_map_data() const {
    Buffer data;
    const auto count = static_cast<std::uint32_t>(sections_.size());
    for (const std::uint32_t value : {count, 2u, 0x7400u, 0u, count}) put(data, value);
    for (const Section& section : sections_) {
      put(data, section.size);
      put(data, static_cast<std::uint32_t>(section.pages.size()));
      put(data, section.page_size);
      put(data, std::uint32_t{1});
      put(data, std::uint32_t{section.compressed ? 2u : 1u});
      put(data, section.number);
      put(data, std::uint32_t{0});  // encrypted
      std::array<char, 64> name{};
      std::ranges::copy(name_of(section.id), name.begin());
      append(data, std::as_bytes(std::span(name)));
      for (const Page& page : section.pages) {
        put(data, page.number);
        put(data, page.data_size);
        put(data, page.start);
      }
    }
    return data;
  }

  // Sizes reach to the next page; that of the map itself, as in real files, somewhere behind it.
  Buffer page_map_data(std::uint64_t section_map, std::uint64_t page_map) const {
    std::vector<Page> pages;
    for (const Section& section : sections_)
      pages.insert(pages.end(), section.pages.begin(), section.pages.end());
    pages.push_back({next_page_ + 1, 0, 0, section_map});
    pages.push_back({next_page_ + 2, 0, 0, page_map});
    Buffer data;
    for (std::size_t i = 0; i < pages.size(); ++i) {
      const std::uint64_t end = i + 1 < pages.size() ? pages[i + 1].address : page_map + 0x1000;
      put(data, pages[i].number);
      put(data, static_cast<std::uint32_t>(end - pages[i].address));
    }
    return data;
  }

  Buffer header_data(std::uint64_t page_map, std::int32_t section_map_page,
                     std::uint64_t second) const {
    Buffer header(kR2004HeaderBytes);
    std::memcpy(header.data(), "AcFssFcAJMB", 12);
    put_at(header, 0x10, std::uint32_t{0x6C});
    put_at(header, 0x14, std::uint32_t{4});
    put_at(header, 0x24, std::uint32_t{1});
    put_at(header, 0x28, section_map_page + 1);  // the last page
    put_at(header, 0x2C, page_map + 0x1000 - kR2004PagesAt);
    put_at(header, 0x34, second);
    put_at(header, 0x40, section_map_page + 1);
    put_at(header, 0x44, std::uint32_t{0x20});
    put_at(header, 0x48, std::uint32_t{0x80});
    put_at(header, 0x4C, std::uint32_t{0x40});
    put_at(header, 0x50, section_map_page + 1);
    put_at(header, 0x54, page_map - kR2004PagesAt);
    put_at(header, 0x5C, section_map_page);
    put_at(header, 0x60, section_map_page + 1);
    put_at(header, 0x68, libdeflate_crc32(0, header.data(), header.size()));
    std::ranges::transform(header, r2004_key(), header.begin(), std::bit_xor{});
    return header;
  }

  void plain_header() {
    std::ranges::transform(code_of(version_), file_.begin(),
                           [](char c) { return static_cast<std::byte>(c); });
    put_at(file_, 0x13, std::uint16_t{30});  // ANSI_1252
    put_at(file_, 0x28, std::uint32_t{0x80});
    for (const Section& section : sections_) {
      if (section.pages.empty()) continue;
      const auto address =
          static_cast<std::uint32_t>(section.pages[0].address + kDataPageHeaderBytes);
      if (section.id == SectionId::preview) put_at(file_, 0x0D, address);
      if (section.id == SectionId::summary_info) put_at(file_, 0x20, address);
    }
  }

  Version version_;
  Buffer file_;
  std::vector<Section> sections_;
  std::int32_t next_page_ = 1;
};

}  // namespace

std::uint64_t append_data_page(Buffer& file, std::uint32_t section, std::uint64_t start,
                               Bytes payload) {
  const std::uint64_t address = align(file);
  std::array<std::uint32_t, kDataPageHeaderBytes / 4> words{
      kDataPageTag,
      section,
      static_cast<std::uint32_t>(payload.size()),
      static_cast<std::uint32_t>((kDataPageHeaderBytes + payload.size() + kPageAlignment - 1) /
                                 kPageAlignment * kPageAlignment),
      static_cast<std::uint32_t>(start),
      static_cast<std::uint32_t>(start >> 32),
      0,
      page_checksum(0, payload)};
  words[6] = page_checksum(words[7], std::as_bytes(std::span(words)));
  for (std::uint32_t& word : words) word ^= 0x4164536B ^ static_cast<std::uint32_t>(address);
  append(file, std::as_bytes(std::span(words)));
  append(file, payload);
  return address;
}

std::uint64_t append_system_page(Buffer& file, std::uint32_t tag, Bytes data) {
  const std::uint64_t address = align(file);
  const Buffer packed = pack_r2004(data);
  std::array<std::uint32_t, 5> words{tag, static_cast<std::uint32_t>(data.size()),
                                     static_cast<std::uint32_t>(packed.size()), 2, 0};
  words[4] = page_checksum(page_checksum(0, std::as_bytes(std::span(words))), packed);
  append(file, std::as_bytes(std::span(words)));
  append(file, packed);
  return address;
}

Buffer write_r2004(Version version, const SectionContents& sections) {
  SectionContents all = sections;
  for (const SectionId id :
       {SectionId::header, SectionId::classes, SectionId::object_map, SectionId::objects})
    all.try_emplace(id);
  Writer writer(version);
  auto number = static_cast<std::uint32_t>(all.size());
  for (const auto& [id, content] : all) writer.add(id, number--, content);
  return writer.finish();
}

}  // namespace cad::dwg::testing
