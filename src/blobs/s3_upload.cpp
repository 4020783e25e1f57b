// SPDX-License-Identifier: Apache-2.0
#include "blobs/s3_upload.hpp"

#include <algorithm>

namespace cad::blobs {
namespace {

constexpr std::size_t kPartBytes = s3::kLeastPartBytes;

}  // namespace

S3Upload::S3Upload(s3::Client& client, Key key) : client_(client), key_(std::move(key)) {}

S3Upload::~S3Upload() {
  if (!id_.empty()) (void)client_.abort_upload(key_, id_);
}

Result<void> S3Upload::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    // A full part waits for a further byte: until then one request may do.
    if (buffer_.size() == kPartBytes) CAD_TRY(send_part());
    const auto part = bytes.first(std::min(bytes.size(), kPartBytes - buffer_.size()));
    // What has become large may fill a part: no doubling beyond it.
    if (buffer_.size() + part.size() > kPartBytes / 4) buffer_.reserve(kPartBytes);
    buffer_.insert(buffer_.end(), part.begin(), part.end());
    bytes = bytes.subspan(part.size());
  }
  return {};
}

Result<void> S3Upload::send_part() {
  if (id_.empty()) {
    std::copy_n(buffer_.begin(), header_.size(), header_.begin());
    CAD_ASSIGN(id_, client_.create_upload(key_));
  }
  if (etags_.size() == s3::kMostParts)
    return fail(ErrorCode::limit_exceeded, "An object is too large to be stored.");
  CAD_ASSIGN(std::string etag, client_.upload_part(key_, id_, etags_.size() + 1, buffer_));
  etags_.push_back(std::move(etag));
  buffer_.clear();
  return {};
}

Result<s3::Stored> S3Upload::commit() {
  if (id_.empty()) return client_.put(key_, buffer_);
  if (!buffer_.empty()) CAD_TRY(send_part());
  CAD_ASSIGN(s3::Stored stored, complete());
  id_.clear();
  return stored;
}

Result<s3::Stored> S3Upload::complete() {
  auto stored = client_.complete_upload(key_, id_, etags_);
  if (stored || stored.error().code != ErrorCode::not_found) return stored;
  // The upload is gone: completed by a request whose answer was lost, or swept.
  const auto there = client_.get(key_, 0, kHeaderBytes);
  if (!there || !std::ranges::equal(crypto::as_bytes(there->bytes), header_)) return stored;
  return s3::Stored{there->etag, {}, there->size};
}

}  // namespace cad::blobs
