// SPDX-License-Identifier: Apache-2.0
// The parts of one attempt in one stored object, one behind the other, and at its end where each
// lies. An object costs what a drawing of 50 KB costs to parse: a name, a key, a file that is made
// durable, or a request across a network.
//
// The end: Entry[], Trailer. Numbers have the machine's byte order, little endian.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/parts.hpp"
#include "blobs/blob_store.hpp"

namespace cad::jobs {

class PackWriter {
 public:
  struct Entry {
    PartKind kind = PartKind::result;
    std::uint16_t reserved = 0;
    std::uint32_t number = 0;
    std::uint64_t offset = 0, size = 0;
  };
  struct Trailer {
    std::array<char, 4> magic{'C', 'L', 'P', 'K'};
    std::uint32_t version = 1;
    std::uint64_t entries = 0;
  };
  explicit PackWriter(std::unique_ptr<blobs::Writer> writer) : writer_(std::move(writer)) {}

  // The part that write() goes on with. Each one once.
  void begin(PartKind kind, std::uint32_t number);
  Result<void> write(std::span<const std::byte> bytes);
  // With the entries: the object is there, durable.
  Result<void> commit();
  std::uint64_t bytes() const { return writer_->bytes(); }

 private:
  std::unique_ptr<blobs::Writer> writer_;
  std::vector<Entry> entries_;
};
static_assert(sizeof(PackWriter::Entry) == 24 && sizeof(PackWriter::Trailer) == 16);

// One part of a pack as if it were an object of its own. NOT_FOUND: there is no such part.
Result<std::unique_ptr<blobs::Reader>> open_in_pack(std::unique_ptr<blobs::Reader> pack,
                                                    PartKind kind, std::uint32_t number);

}  // namespace cad::jobs
