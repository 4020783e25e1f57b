// SPDX-License-Identifier: Apache-2.0
// The objects as they are stored, under their envelopes, wherever that is: what a backup copies.
#pragma once

#include <memory>

#include "backup/archive.hpp"
#include "blobs/blob_store.hpp"

namespace cad::backup {

class ObjectWriter {
 public:
  virtual ~ObjectWriter() = default;  // without commit() nothing remains
  virtual Result<void> write(std::span<const std::byte> bytes) = 0;
  virtual Result<void> commit() = 0;
};

class StoredObjects {
 public:
  virtual ~StoredObjects() = default;
  virtual Result<Source> read(const blobs::Key& key) = 0;  // NOT_FOUND
  virtual Result<std::unique_ptr<ObjectWriter>> write(const blobs::Key& key) = 0;
};

// Those of a local store; what is written is durable after the whole folder was synced.
std::unique_ptr<StoredObjects> local_objects(const std::string& dir);
// Those of any store, S3 among them; it must live longer.
std::unique_ptr<StoredObjects> objects_of(blobs::ManagedStore& store);

}  // namespace cad::backup
