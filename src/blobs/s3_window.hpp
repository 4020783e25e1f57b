// SPDX-License-Identifier: Apache-2.0
// The stored bytes of one version of an object, fetched ahead: the window grows while it is read
// on, and is small where it jumps.
#pragma once

#include <string>

#include "blobs/envelope.hpp"
#include "s3/client.hpp"

namespace cad::blobs {

class S3Window {
 public:
  // Fetches the object's beginning: what is no larger costs no further request. NOT_FOUND.
  static Result<S3Window> open(s3::Client& client, Key key);

  std::uint64_t size() const { return size_; }
  Header header() const { return header_; }

  // `length` bytes from `offset`, both within the object and `length` at most kSealedChunkBytes.
  // Valid until the next call.
  Result<std::span<const std::byte>> at(std::uint64_t offset, std::size_t length);
  // Keeps the object's last `length` bytes at hand.
  Result<void> fetch_end(std::size_t length);

 private:
  S3Window(s3::Client& client, Key key) : client_(&client), key_(std::move(key)) {}
  Result<s3::Fetched> fetch(std::uint64_t offset, std::uint64_t length);
  Result<void> pin_again();

  s3::Client* client_;
  Key key_;
  Header header_{};
  std::string etag_;
  std::uint64_t size_ = 0;
  std::string bytes_, end_;  // the window; the object's end
  std::uint64_t offset_ = 0;
  std::uint64_t next_length_ = 0;
};

}  // namespace cad::blobs
