// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/data_storage.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace cad::dwg {
namespace {

constexpr std::uint32_t kSignature = 0x6472616a;  // "jard"
constexpr std::uint16_t kSegmentSignature = 0xd5ac;
constexpr std::size_t kSegmentHeader = 48;
constexpr std::size_t kSegmentEntry = 12, kDataEntry = 12, kRecordHeader = 20, kPageEntry = 8;
constexpr std::uint32_t kBlobReference = 0xbb106bb1;
constexpr std::string_view kSolids[] = {"ACIS BinaryFile", "ASM BinaryFile"};

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class StorageReader {
 public:
  explicit StorageReader(Bytes section)
      : section_(section), bytes_left_(section.size()), blob_bytes_left_(section.size()) {}
  DataStorage read();

 private:
  Bytes segment(std::uint32_t index, std::string_view name);
  void read_record(std::uint32_t segment_index, std::uint32_t header_at);
  std::string read_blob(Bytes reference);
  void keep(Handle handle, std::uint32_t revision, std::string_view bytes);

  Bytes section_;
  Bytes index_;  // entries of the segment index
  // What is kept of records, and what is put together of pages: neither is more than the section
  // has, unless records share bytes.
  std::size_t bytes_left_, blob_bytes_left_;
  DataStorage result_;
  std::unordered_map<Handle, std::uint32_t> revisions_;  // of the solids' segments
};

// From its header to the end of the section when it is of that kind; else empty. Segments of pages
// state a size without their data: only what they hold says where they end.
Bytes StorageReader::segment(std::uint32_t index, std::string_view name) {
  if (index >= index_.size() / kSegmentEntry) return {};
  const std::size_t entry = index * kSegmentEntry;
  const Bytes found = slice(section_, u64(index_, entry), section_.size());
  if (found.size() < kSegmentHeader || u16(found, 0) != kSegmentSignature ||
      !text_of(found).substr(2).starts_with(name))
    return {};
  return found;
}

// The pages' numbers and sizes; the bytes are in segments of their own.
std::string StorageReader::read_blob(Bytes reference) {
  const std::uint64_t total = u64(reference, 4);
  const std::uint32_t pages = u32(reference, 12);
  constexpr std::size_t kFixed = 36, kPageHeader = kSegmentHeader + 32;
  std::string bytes;
  if (total > blob_bytes_left_ || reference.size() < kFixed ||
      pages > (reference.size() - kFixed) / kPageEntry) {
    result_.damaged = true;
    return bytes;
  }
  for (std::size_t i = 0; i < pages && bytes.size() < total; ++i) {
    const Bytes page = segment(u32(reference, kFixed + i * kPageEntry), "blob01");
    const Bytes data = slice(page, kPageHeader, u64(page, kSegmentHeader + 24));
    const std::uint64_t start = u64(page, kSegmentHeader + 8);
    if (data.empty() || start != bytes.size()) break;
    bytes += text_of(slice(data, 0, total - bytes.size()));
  }
  if (bytes.size() < total) result_.damaged = true;
  blob_bytes_left_ -= bytes.size();
  return bytes;
}

void StorageReader::read_record(std::uint32_t segment_index, std::uint32_t header_at) {
  const Bytes found = segment(segment_index, "_data_");
  const Bytes data = slice(found, 0, u32(found, 16));
  const Bytes header = slice(data, kSegmentHeader + std::uint64_t{header_at}, kRecordHeader);
  const std::uint64_t records = std::uint64_t{u32(data, 36)} << 4;
  const Bytes record = slice(data, records + u32(header, 16), data.size());
  if (header.size() < kRecordHeader || record.size() < 4) {
    result_.damaged = true;
    return;
  }
  const Handle handle = u64(header, 8);
  const std::uint32_t size = u32(record, 0);
  std::string blob;
  std::string_view bytes = text_of(slice(record, 4, size));
  if (size == kBlobReference) {
    blob = read_blob(record);
    bytes = blob;
  } else if (bytes.size() < size) {
    result_.damaged = true;
  }
  if (handle != 0) keep(handle, u32(data, 28), bytes);
}

// Where an entity has several records, the one that was saved last counts.
void StorageReader::keep(Handle handle, std::uint32_t revision, std::string_view bytes) {
  const bool is_solid = std::ranges::any_of(
      kSolids, [bytes](std::string_view begin) { return bytes.starts_with(begin); });
  const auto known = revisions_.find(handle);
  if (!is_solid || (known != revisions_.end() && known->second >= revision)) return;
  if (bytes.size() > bytes_left_) {
    result_.damaged = true;
    return;
  }
  bytes_left_ -= bytes.size();
  revisions_[handle] = revision;
  result_.solids[handle] = bytes;
}

DataStorage StorageReader::read() {
  const std::uint32_t segments = u32(section_, 0x20);
  index_ = slice(section_, std::uint64_t{u32(section_, 0x18)} + kSegmentHeader,
                 std::uint64_t{segments} * kSegmentEntry);
  const Bytes list = slice(segment(u32(section_, 0x28), "datidx"), kSegmentHeader, section_.size());
  if (u32(section_, 0) != kSignature || list.empty()) result_.damaged = true;
  const std::size_t entries = u32(list, 0);
  if (entries > list.size() / kDataEntry) result_.damaged = true;
  for (std::size_t i = 0; i < std::min(entries, list.size() / kDataEntry); ++i) {
    const std::size_t entry = 8 + i * kDataEntry;
    if (const std::uint32_t data = u32(list, entry); data != 0)
      read_record(data, u32(list, entry + 4));
  }
  return std::move(result_);
}

}  // namespace

DataStorage parse_data_storage(Bytes section) {
  return section.empty() ? DataStorage{} : StorageReader(section).read();
}

void read_data_storage(Loader& loader) {
  DataStorage storage = parse_data_storage(loader.sections()[SectionId::data_storage]);
  if (storage.damaged)
    loader.warn("DWG_DATA_STORAGE_DAMAGED", "AcDb:AcDsPrototype_1b",
                "The storage of solids' boundary data is damaged; some solids may not be shown.");
  loader.solid_data() = std::move(storage.solids);
}

}  // namespace cad::dwg
