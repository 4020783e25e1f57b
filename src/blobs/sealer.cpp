// SPDX-License-Identifier: Apache-2.0
#include "blobs/sealer.hpp"

#include <algorithm>

namespace cad::blobs {

Sealer::Sealer(ChunkCipher cipher)
    : cipher_(std::move(cipher)),
      sealed_(std::make_unique_for_overwrite<std::byte[]>(kSealedChunkBytes)) {
  plain_.reserve(kChunkBytes);
}

Result<Sealer> Sealer::create(const secrets::KeyRing& masters, const Key& key, Header& header) {
  CAD_ASSIGN(ChunkCipher cipher, ChunkCipher::create(masters, key, header));
  return Sealer(std::move(cipher));
}

Result<void> Sealer::write(std::span<const std::byte> plain, const Sink& sink) {
  if (done_) return fail(ErrorCode::invalid_argument, "The object is already finished.");
  while (!plain.empty()) {
    // A full chunk waits for a further byte: only then is it known not to be the last.
    if (plain_.size() == kChunkBytes) CAD_TRY(flush(false, sink));
    const auto part = plain.first(std::min(plain.size(), kChunkBytes - plain_.size()));
    plain_.insert(plain_.end(), part.begin(), part.end());
    plain = plain.subspan(part.size());
    bytes_ += part.size();
  }
  return {};
}

Result<void> Sealer::finish(const Sink& sink) {
  if (done_) return fail(ErrorCode::invalid_argument, "The object is already finished.");
  done_ = true;
  return flush(true, sink);
}

Result<void> Sealer::flush(bool last, const Sink& sink) {
  const auto sealed = std::span(sealed_.get(), plain_.size() + crypto::kTagBytes);
  // A failed chunk must not be sealed again with other bytes under the same nonce.
  const std::uint64_t number = next_chunk_++;
  CAD_TRY(cipher_.seal_chunk(number, last, plain_, sealed));
  plain_.clear();
  return sink(sealed);
}

}  // namespace cad::blobs
