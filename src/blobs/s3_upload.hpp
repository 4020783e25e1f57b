// SPDX-License-Identifier: Apache-2.0
// An object on its way into a bucket: by one request while it is small, in parts of 5 MiB
// otherwise. No more than one part is held in memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "blobs/envelope.hpp"
#include "s3/client.hpp"

namespace cad::blobs {

class S3Upload {
 public:
  S3Upload(s3::Client& client, Key key);
  ~S3Upload();  // without commit() nothing remains
  S3Upload(const S3Upload&) = delete;
  S3Upload& operator=(const S3Upload&) = delete;

  Result<void> append(std::span<const std::byte> bytes);
  // The object's header, as long as it has not been sent; null then.
  std::byte* unsent_header() { return id_.empty() ? buffer_.data() : nullptr; }
  Result<s3::Stored> commit();

 private:
  Result<void> send_part();
  Result<s3::Stored> complete();

  s3::Client& client_;
  Key key_;
  std::vector<std::byte> buffer_;
  Header header_{};  // to know the object by, when an answer was lost
  std::string id_;   // of the multipart upload; empty: none has begun
  std::vector<std::string> etags_;
};

}  // namespace cad::blobs
