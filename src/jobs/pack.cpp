// SPDX-License-Identifier: Apache-2.0
#include "jobs/pack.hpp"

#include <algorithm>

#include "sandbox/protocol.hpp"

namespace cad::jobs {
namespace {

using Entry = PackWriter::Entry;
using Trailer = PackWriter::Trailer;

class PartReader : public blobs::Reader {
 public:
  PartReader(std::unique_ptr<blobs::Reader> pack, const Entry& entry)
      : pack_(std::move(pack)), entry_(entry) {}
  std::uint64_t size() const override { return entry_.size; }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) override {
    if (offset >= entry_.size) return std::size_t{0};
    const std::uint64_t most = std::min<std::uint64_t>(into.size(), entry_.size - offset);
    return pack_->read(entry_.offset + offset, into.first(static_cast<std::size_t>(most)));
  }

 private:
  std::unique_ptr<blobs::Reader> pack_;
  Entry entry_;
};

tl::unexpected<Error> broken() {
  return fail(ErrorCode::integrity, "A stored result has no valid list of its parts.");
}

Result<void> read_exactly(blobs::Reader& from, std::uint64_t offset, std::span<std::byte> into) {
  CAD_ASSIGN(const std::size_t got, from.read(offset, into));
  if (got != into.size()) return broken();
  return {};
}

// Every entry within what lies before the list.
Result<std::vector<Entry>> read_entries(blobs::Reader& pack) {
  Trailer trailer;
  if (pack.size() < sizeof trailer) return broken();
  const std::uint64_t end = pack.size() - sizeof trailer;
  CAD_TRY(read_exactly(pack, end, std::as_writable_bytes(std::span(&trailer, 1))));
  const Trailer expected;
  if (trailer.magic != expected.magic || trailer.version != expected.version ||
      trailer.entries > sandbox::kMaxParts || trailer.entries * sizeof(Entry) > end) {
    return broken();
  }
  std::vector<Entry> entries(static_cast<std::size_t>(trailer.entries));
  const std::uint64_t begin = end - entries.size() * sizeof(Entry);
  CAD_TRY(read_exactly(pack, begin, std::as_writable_bytes(std::span(entries))));
  for (const Entry& entry : entries)
    if (entry.offset > begin || entry.size > begin - entry.offset) return broken();
  return entries;
}

}  // namespace

void PackWriter::begin(PartKind kind, std::uint32_t number) {
  entries_.push_back({kind, 0, number, writer_->bytes(), 0});
}

Result<void> PackWriter::write(std::span<const std::byte> bytes) {
  CAD_TRY(writer_->write(bytes));
  entries_.back().size += bytes.size();
  return {};
}

Result<void> PackWriter::commit() {
  Trailer trailer;
  trailer.entries = entries_.size();
  CAD_TRY(writer_->write(std::as_bytes(std::span(entries_))));
  CAD_TRY(writer_->write(std::as_bytes(std::span(&trailer, 1))));
  return writer_->commit();
}

Result<std::unique_ptr<blobs::Reader>> open_in_pack(std::unique_ptr<blobs::Reader> pack,
                                                    PartKind kind, std::uint32_t number) {
  CAD_ASSIGN(const auto entries, read_entries(*pack));
  const auto found = std::ranges::find_if(
      entries, [&](const Entry& entry) { return entry.kind == kind && entry.number == number; });
  if (found == entries.end())
    return fail(ErrorCode::not_found, "The stored result has no such part.");
  return std::make_unique<PartReader>(std::move(pack), *found);
}

}  // namespace cad::jobs
