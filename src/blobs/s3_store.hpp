// SPDX-License-Identifier: Apache-2.0
// Objects in a bucket of S3, under the same envelope as on disk. S3 gives what the contract asks
// for but one thing: a Reader of an object larger than its window cannot read on when the object is
// replaced or removed; it says CONFLICT or NOT_FOUND then, and never mixes two versions.
#pragma once

#include <functional>
#include <memory>

#include "blobs/blob_store.hpp"
#include "s3/client.hpp"

namespace cad::blobs {

struct S3StoreOptions {
  s3::Settings settings;
  std::shared_ptr<const s3::Credentials> credentials;
  s3::ClientOptions client;
  // With public_url in the settings: which objects are kept a second time for links, in plain text
  // under the server's encryption alone. None: no object is.
  std::function<bool(const Key&)> linked = {};
};

// Tried before it is given out: a probe is written, looked at, read and removed. The error says
// what does not work; INVALID_ARGUMENT: encryption is required, and the server does not say that it
// encrypts.
Result<std::unique_ptr<ManagedStore>> open_s3_store(S3StoreOptions options,
                                                    std::shared_ptr<secrets::KeySource> masters);

}  // namespace cad::blobs
