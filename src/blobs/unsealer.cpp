// SPDX-License-Identifier: Apache-2.0
#include "blobs/unsealer.hpp"

#include <algorithm>

namespace cad::blobs {

Result<Unsealer> Unsealer::open(Extent extent, ChunkCipher cipher, const Source& source) {
  Unsealer unsealer(extent, std::move(cipher));
  CAD_TRY(unsealer.load(extent.chunks - 1, source));
  return unsealer;
}

Result<std::size_t> Unsealer::read(std::uint64_t offset, std::span<std::byte> into,
                                   const Source& source) {
  std::size_t done = 0;
  while (done < into.size() && offset + done < extent_.plain_bytes) {
    const std::uint64_t at = offset + done;
    CAD_TRY(load(at / kChunkBytes, source));
    const auto chunk = std::span<const std::byte>(plain_).subspan(at % kChunkBytes);
    const std::size_t part = std::min(chunk.size(), into.size() - done);
    std::copy_n(chunk.begin(), part, into.begin() + static_cast<std::ptrdiff_t>(done));
    done += part;
  }
  return done;
}

Result<void> Unsealer::load(std::uint64_t number, const Source& source) {
  if (present_ == number) return {};
  const bool last = number + 1 == extent_.chunks;
  plain_.resize(last ? static_cast<std::size_t>(extent_.plain_bytes - number * kChunkBytes)
                     : kChunkBytes);
  present_ = kNone;
  CAD_ASSIGN(const auto sealed,
             source(kHeaderBytes + number * kSealedChunkBytes, plain_.size() + crypto::kTagBytes));
  CAD_TRY(cipher_.open_chunk(number, last, sealed, plain_));
  present_ = number;
  return {};
}

}  // namespace cad::blobs
