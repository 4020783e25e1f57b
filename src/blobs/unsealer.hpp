// SPDX-License-Identifier: Apache-2.0
// Sealed chunks as they are fetched, plain bytes as they are asked for: the reading side of the
// envelope.
#pragma once

#include <functional>
#include <vector>

#include "blobs/envelope.hpp"

namespace cad::blobs {

class Unsealer {
 public:
  // `length` bytes of the stored form from `offset`, which it has; valid until the next call.
  using Source =
      std::function<Result<std::span<const std::byte>>(std::uint64_t offset, std::size_t length)>;

  // The last chunk is opened: it proves the object's length.
  static Result<Unsealer> open(Extent extent, ChunkCipher cipher, const Source& source);

  std::uint64_t size() const { return extent_.plain_bytes; }
  // As Reader::read().
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into, const Source& source);

 private:
  static constexpr std::uint64_t kNone = ~0ull;

  Unsealer(Extent extent, ChunkCipher cipher) : extent_(extent), cipher_(std::move(cipher)) {}
  Result<void> load(std::uint64_t number, const Source& source);

  Extent extent_;
  ChunkCipher cipher_;
  std::vector<std::byte> plain_;
  std::uint64_t present_ = kNone;  // the chunk that plain_ holds
};

}  // namespace cad::blobs
