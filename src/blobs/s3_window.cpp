// SPDX-License-Identifier: Apache-2.0
#include "blobs/s3_window.hpp"

#include <algorithm>

namespace cad::blobs {
namespace {

// In whole chunks: 512 KiB at first, 256 KiB after a jump, 2 MiB at most.
constexpr std::uint64_t kFirst = kHeaderBytes + 8 * kSealedChunkBytes;
constexpr std::uint64_t kLeast = 4 * kSealedChunkBytes;
constexpr std::uint64_t kMost = 32 * kSealedChunkBytes;
constexpr std::size_t kIdentityAt = 24, kIdentityBytes = 8;  // the header's random nonce prefix

Header header_of(std::string_view bytes) {
  Header header{};
  std::ranges::copy(crypto::as_bytes(bytes.substr(0, kHeaderBytes)), header.begin());
  return header;
}

}  // namespace

Result<S3Window> S3Window::open(s3::Client& client, Key key) {
  S3Window window(client, std::move(key));
  CAD_ASSIGN(s3::Fetched start, client.get(window.key_, 0, kFirst));
  if (start.bytes.size() < kHeaderBytes)
    return fail(ErrorCode::integrity, "A stored object has been cut off.");
  window.header_ = header_of(start.bytes);
  window.etag_ = std::move(start.etag);
  window.size_ = start.size;
  window.bytes_ = std::move(start.bytes);
  window.next_length_ = 16 * kSealedChunkBytes;
  return window;
}

Result<std::span<const std::byte>> S3Window::at(std::uint64_t offset, std::size_t length) {
  if (offset + length > size_)
    return fail(ErrorCode::integrity, "A stored object has been cut off.");
  const std::uint64_t end_offset = size_ - end_.size();
  if (offset >= end_offset) return crypto::as_bytes(end_).subspan(offset - end_offset, length);
  const bool inside = offset >= offset_ && offset + length <= offset_ + bytes_.size();
  if (!inside) {
    const bool reads_on = offset >= offset_ && offset <= offset_ + bytes_.size();
    const std::uint64_t wanted = reads_on ? std::min(next_length_, kMost) : kLeast;
    CAD_ASSIGN(s3::Fetched got, fetch(offset, std::max<std::uint64_t>(wanted, length)));
    if (got.bytes.size() < length)
      return fail(ErrorCode::integrity, "A stored object has been cut off.");
    bytes_ = std::move(got.bytes);
    offset_ = offset;
    next_length_ = 2 * wanted;
  }
  return crypto::as_bytes(bytes_).subspan(offset - offset_, length);
}

Result<void> S3Window::fetch_end(std::size_t length) {
  if (size_ <= bytes_.size()) return {};
  CAD_ASSIGN(s3::Fetched got, fetch(size_ - length, length));
  end_ = std::move(got.bytes);
  return {};
}

Result<s3::Fetched> S3Window::fetch(std::uint64_t offset, std::uint64_t length) {
  auto got = client_->get(key_, offset, length, etag_);
  if (!got && got.error().code == ErrorCode::conflict) {
    CAD_TRY(pin_again());
    got = client_->get(key_, offset, length, etag_);
  }
  if (!got && got.error().code == ErrorCode::not_found)
    return fail(ErrorCode::not_found, "The object was removed while it was being read.");
  return got;
}

// A rotation of the master key changes the header, and so the ETag, but no chunk.
Result<void> S3Window::pin_again() {
  CAD_ASSIGN(const s3::Fetched now, client_->get(key_, 0, kHeaderBytes));
  const auto identity = [](const Header& header) {
    return std::span(header).subspan(kIdentityAt, kIdentityBytes);
  };
  if (now.bytes.size() < kHeaderBytes || now.size != size_ ||
      !std::ranges::equal(identity(header_of(now.bytes)), identity(header_)))
    return fail(ErrorCode::conflict, "The object was replaced while it was being read; try again.");
  etag_ = now.etag;
  return {};
}

}  // namespace cad::blobs
