// SPDX-License-Identifier: Apache-2.0
// An encrypted file that is written once and read from the front (integers little endian):
//
//   header, 56 bytes
//      0  "CLBACKUP"    8  version (u16) = 1, zero (6)    16  id of the backup key (8)
//     24  salt (32)
//   chunks, each: ciphertext (as long as its plaintext), tag (16)
//
// The file's own key is HMAC-SHA-256(backup key, "cadlens backup file" and the header), so that a
// changed header opens nothing. Every chunk but the last holds exactly 256 KiB; AES-256-GCM, the
// nonce is four zeros and the chunk's number (u64), the associated data that number and one byte, 1
// for the last chunk. So a flipped bit, a cut, an extension and swapped chunks are all refused.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "crypto/aead.hpp"
#include "secrets/key_ring.hpp"

namespace cad::backup {

inline constexpr std::size_t kSealedHeaderBytes = 56;
inline constexpr std::size_t kSealedChunk = 256 * 1024;
inline constexpr std::string_view kBackupKeyLabel = "backup key id";

class SealedWriter {
 public:
  static Result<SealedWriter> create(UniqueFd fd, const secrets::RingKey& key);
  Result<void> write(std::span<const std::byte> bytes);
  // The last chunk, and all of it on the disk.
  Result<void> finish();
  std::uint64_t plain_bytes() const { return bytes_; }

 private:
  SealedWriter(UniqueFd fd, crypto::AesGcm aes) : fd_(std::move(fd)), aes_(std::move(aes)) {}
  Result<void> flush(bool last);

  UniqueFd fd_;
  crypto::AesGcm aes_;
  std::vector<std::byte> plain_, sealed_;
  std::uint64_t number_ = 0, bytes_ = 0;
};

class SealedReader {
 public:
  // INVALID_ARGUMENT: no backup, or made by a newer version or with another key. INTEGRITY: cut.
  static Result<SealedReader> open(UniqueFd fd, const secrets::RingKey& key);
  // Exactly that many bytes; INTEGRITY when the file does not hold them as they were written.
  Result<void> read(std::span<std::byte> into);
  // INTEGRITY unless everything has been read and was whole.
  Result<void> expect_end();

 private:
  SealedReader(UniqueFd fd, crypto::AesGcm aes) : fd_(std::move(fd)), aes_(std::move(aes)) {}
  Result<void> next_chunk();

  UniqueFd fd_;
  crypto::AesGcm aes_;
  std::uint64_t sealed_left_ = 0, at_ = kSealedHeaderBytes, number_ = 0;
  std::vector<std::byte> plain_, sealed_;
  std::size_t used_ = 0;
  bool ended_ = false;
};

}  // namespace cad::backup
