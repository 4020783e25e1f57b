// SPDX-License-Identifier: Apache-2.0
// Plain bytes as they come, sealed chunks as they go: the writing side of the envelope.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "blobs/envelope.hpp"

namespace cad::blobs {

class Sealer {
 public:
  using Sink = std::function<Result<void>(std::span<const std::byte>)>;

  // A new data key; `header` is filled and goes before the chunks.
  static Result<Sealer> create(const secrets::KeyRing& masters, const Key& key, Header& header);

  Result<void> write(std::span<const std::byte> plain, const Sink& sink);
  // The last chunk. Once: then nothing more is taken.
  Result<void> finish(const Sink& sink);
  std::uint64_t bytes() const { return bytes_; }

 private:
  explicit Sealer(ChunkCipher cipher);
  Result<void> flush(bool last, const Sink& sink);

  ChunkCipher cipher_;
  std::vector<std::byte> plain_;
  std::unique_ptr<std::byte[]> sealed_;  // not cleared
  std::uint64_t next_chunk_ = 0, bytes_ = 0;
  bool done_ = false;
};

}  // namespace cad::blobs
