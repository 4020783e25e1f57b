// SPDX-License-Identifier: Apache-2.0
// The stored form of an object, the same in every kind of store (integers little endian):
//
//   header, 96 bytes
//      0  "CLBO"                       4  version (u16) = 1, flags (u16) = 0
//      8  id of the master key (8)    16  chunk size (u32) = 65536, reserved (u32) = 0
//     24  nonce prefix (8)            32  reserved (4) = 0
//     36  wrap nonce (12)             48  wrapped data key (32)      80  wrap tag (16)
//   chunks, each: ciphertext (as long as its plaintext), tag (16)
//
// Every chunk but the last holds exactly 65536 bytes; an empty object is one empty chunk. The data
// key is the object's own, wrapped with AES-256-GCM under the master key; the associated data of
// the wrap are the first 36 bytes of the header and the object's key. A chunk's nonce is the prefix
// and its number (u32), its associated data are the object's key, the number (u64) and one byte,
// 1 for the last chunk. So a flipped bit, a cut, swapped chunks and a file renamed to another key
// are all refused. The header lies in the file's first 512 bytes, which disks write whole or not at
// all: wrapping a data key anew replaces the header in place. A whole older object put back under
// its own key is not seen.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "blobs/blob_store.hpp"
#include "crypto/aead.hpp"

namespace cad::blobs {

inline constexpr std::size_t kHeaderBytes = 96;
inline constexpr std::size_t kChunkBytes = 64 * 1024;
inline constexpr std::size_t kSealedChunkBytes = kChunkBytes + crypto::kTagBytes;
using Header = std::array<std::byte, kHeaderBytes>;

// What a file of `file_bytes` can hold; INTEGRITY for a length that no object has.
struct Extent {
  std::uint64_t plain_bytes = 0;
  std::uint64_t chunks = 0;
};
Result<Extent> extent_of_file(std::uint64_t file_bytes);

// Wraps the object's data key anew, under the ring's current master key; the chunks stay as they
// are. False: it was under that key already.
Result<bool> rewrap(const secrets::KeyRing& masters, const Key& key, Header& header);
// The id of the master key, as the header says; not authenticated.
secrets::KeyId master_id_of(const Header& header);

// Seals and opens the chunks of one object.
class ChunkCipher {
 public:
  // A new data key under the ring's current master key; `header` is filled.
  static Result<ChunkCipher> create(const secrets::KeyRing& masters, const Key& key,
                                    Header& header);
  // INTEGRITY when the header is damaged, another object's, or of a master key not in the ring.
  static Result<ChunkCipher> open(const secrets::KeyRing& masters, const Key& key,
                                  const Header& header);

  // `sealed` is 16 bytes longer than `plain`.
  Result<void> seal_chunk(std::uint64_t number, bool last, std::span<const std::byte> plain,
                          std::span<std::byte> sealed);
  Result<void> open_chunk(std::uint64_t number, bool last, std::span<const std::byte> sealed,
                          std::span<std::byte> plain);

 private:
  ChunkCipher(const crypto::Key256& data_key, std::span<const std::byte> nonce_prefix,
              const Key& key);
  void address(std::uint64_t number, bool last);

  crypto::AesGcm aes_;
  crypto::Nonce nonce_{};
  std::string aad_;  // key, number, last flag
};

}  // namespace cad::blobs
