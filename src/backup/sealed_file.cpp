// SPDX-License-Identifier: Apache-2.0
#include "backup/sealed_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

#include "crypto/bytes.hpp"
#include "crypto/hash.hpp"
#include "disk/files.hpp"

namespace cad::backup {
namespace {

constexpr std::string_view kMagic = "CLBACKUP";
constexpr std::size_t kVersionAt = 8, kKeyIdAt = 16, kSaltAt = 24;
using Header = std::array<std::byte, kSealedHeaderBytes>;

// Everything but the salt.
Header header_for(const secrets::RingKey& key) {
  Header header{};
  const std::span<std::byte> bytes(header);
  std::ranges::copy(crypto::as_bytes(kMagic), bytes.begin());
  bytes[kVersionAt] = std::byte{1};
  std::ranges::copy(crypto::as_bytes(key.id), bytes.begin() + kKeyIdAt);
  return header;
}

crypto::AesGcm cipher_for(const secrets::RingKey& key, const Header& header) {
  std::string message = "cadlens backup file";
  message.append(reinterpret_cast<const char*>(header.data()), header.size());
  crypto::Digest file_key = crypto::hmac_sha256(key.bytes(), crypto::as_bytes(message));
  crypto::AesGcm aes(file_key);
  crypto::wipe(std::as_writable_bytes(std::span(file_key)));
  return aes;
}

struct Address {
  crypto::Nonce nonce{};
  std::array<std::uint8_t, 9> aad{};
  Address(std::uint64_t number, bool last) {
    for (std::size_t i = 0; i < 8; ++i)
      nonce[4 + i] = aad[i] = static_cast<std::uint8_t>(number >> (8 * i));
    aad[8] = last ? 1 : 0;
  }
};

tl::unexpected<Error> damaged() {
  return fail(ErrorCode::integrity, "The backup is damaged or has been cut off.");
}

}  // namespace

Result<SealedWriter> SealedWriter::create(UniqueFd fd, const secrets::RingKey& key) {
  Header header = header_for(key);
  crypto::random_bytes(std::span(header).subspan(kSaltAt));
  SealedWriter writer(std::move(fd), cipher_for(key, header));
  CAD_TRY(disk::write_all(writer.fd_.get(), header.data(), header.size()));
  writer.plain_.reserve(kSealedChunk);
  return writer;
}

Result<void> SealedWriter::write(std::span<const std::byte> bytes) {
  bytes_ += bytes.size();
  while (!bytes.empty()) {
    // A full chunk waits for a further byte: only then is it known not to be the last.
    if (plain_.size() == kSealedChunk) CAD_TRY(flush(false));
    const auto part = bytes.first(std::min(bytes.size(), kSealedChunk - plain_.size()));
    plain_.insert(plain_.end(), part.begin(), part.end());
    bytes = bytes.subspan(part.size());
  }
  return {};
}

Result<void> SealedWriter::flush(bool last) {
  const Address address(number_++, last);
  sealed_.resize(plain_.size() + crypto::kTagBytes);
  crypto::Tag tag;
  CAD_TRY(aes_.seal(address.nonce, crypto::as_bytes(address.aad), plain_,
                    std::span(sealed_).first(plain_.size()), tag));
  std::ranges::copy(crypto::as_bytes(tag), std::span(sealed_).last(tag.size()).begin());
  plain_.clear();
  return disk::write_all(fd_.get(), sealed_.data(), sealed_.size());
}

Result<void> SealedWriter::finish() {
  CAD_TRY(flush(true));
  if (::fsync(fd_.get()) != 0) return disk::fail_errno("making the backup durable");
  return {};
}

Result<SealedReader> SealedReader::open(UniqueFd fd, const secrets::RingKey& key) {
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return disk::fail_errno("reading the backup");
  if (!S_ISREG(status.st_mode))
    return fail(ErrorCode::invalid_argument, "A backup is read from a regular file only.");
  Header header{};
  CAD_ASSIGN(const std::size_t got, disk::read_at(fd.get(), 0, header.data(), header.size()));
  const std::span<const std::byte> bytes(header);
  const Header expected = header_for(key);
  const auto same = [&](std::size_t from, std::size_t count) {
    return std::ranges::equal(bytes.subspan(from, count), std::span(expected).subspan(from, count));
  };
  if (got < header.size() || !same(0, kMagic.size()))
    return fail(ErrorCode::invalid_argument, "This is no backup of CADLens.");
  if (!same(kVersionAt, kKeyIdAt - kVersionAt))
    return fail(ErrorCode::invalid_argument,
                "The backup was written by a newer version of CADLens, or is damaged.");
  if (!same(kKeyIdAt, kSaltAt - kKeyIdAt))
    return fail(ErrorCode::invalid_argument,
                "The backup was made with another backup key than CADLENS_BACKUP_KEY.");
  SealedReader reader(std::move(fd), cipher_for(key, header));
  reader.sealed_left_ = static_cast<std::uint64_t>(status.st_size) - header.size();
  return reader;
}

Result<void> SealedReader::next_chunk() {
  constexpr std::uint64_t kFull = kSealedChunk + crypto::kTagBytes;
  if (ended_) return damaged();
  const bool last = sealed_left_ <= kFull;
  const auto size = static_cast<std::size_t>(std::min(sealed_left_, kFull));
  if (size < crypto::kTagBytes) return damaged();
  sealed_.resize(size);
  plain_.resize(size - crypto::kTagBytes);
  used_ = 0;
  CAD_ASSIGN(const std::size_t got, disk::read_at(fd_.get(), at_, sealed_.data(), size));
  if (got != size) return damaged();
  crypto::Tag tag;
  std::ranges::copy(std::span<const std::byte>(sealed_).last(tag.size()),
                    std::as_writable_bytes(std::span(tag)).begin());
  const Address address(number_++, last);
  if (!aes_.open(address.nonce, crypto::as_bytes(address.aad),
                 std::span<const std::byte>(sealed_).first(plain_.size()), tag, plain_))
    return damaged();
  at_ += size;
  sealed_left_ -= size;
  ended_ = last;
  return {};
}

Result<void> SealedReader::read(std::span<std::byte> into) {
  while (!into.empty()) {
    if (used_ == plain_.size()) CAD_TRY(next_chunk());
    const std::size_t part = std::min(into.size(), plain_.size() - used_);
    std::copy_n(plain_.begin() + static_cast<std::ptrdiff_t>(used_), part, into.begin());
    used_ += part;
    into = into.subspan(part);
  }
  return {};
}

Result<void> SealedReader::expect_end() {
  if (!ended_) CAD_TRY(next_chunk());  // an empty last chunk
  return ended_ && used_ == plain_.size() ? Result<void>() : damaged();
}

}  // namespace cad::backup
