// SPDX-License-Identifier: Apache-2.0
// Objects (uploads, results, previews) at rest, always encrypted: AES-256-GCM in authenticated
// chunks under a data key of the object's own, wrapped by the master key. Random access by chunk.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "secrets/key_ring.hpp"

namespace cad::blobs {

// "uploads/job_x", "results/job_x/result": [a-z0-9_/-]+, no "..", at most 200 bytes.
using Key = std::string;

class Writer {
 public:
  virtual ~Writer() = default;  // without commit() nothing remains
  virtual Result<void> write(std::span<const std::byte> bytes) = 0;
  virtual Result<void> commit() = 0;  // durable and visible from here on, all or nothing
  virtual std::uint64_t bytes() const = 0;
};

class Reader {
 public:
  virtual ~Reader() = default;
  virtual std::uint64_t size() const = 0;
  // Fills from `offset`; returns the count, less than asked only at the end. INTEGRITY on
  // tampering.
  virtual Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) = 0;
};

class BlobStore {
 public:
  virtual ~BlobStore() = default;
  virtual Result<std::unique_ptr<Writer>> create(const Key& key) = 0;  // replaces on commit
  virtual Result<std::unique_ptr<Reader>> open(const Key& key) = 0;    // NOT_FOUND
  virtual Result<bool> remove(const Key& key) = 0;                     // false: was not there
  virtual Result<std::vector<Key>> list(std::string_view prefix) = 0;
};

// The keys that wrap the objects' keys: CADLENS_MASTER_KEY, CADLENS_MASTER_KEY_FILE, or the file
// `dir`/master.key.
secrets::KeyPlace master_key_place(const std::string& dir);

// Objects as files below `dir`, which is made (mode 0700) when missing. The store may be used from
// many threads and by many processes; a Writer or Reader by one thread at a time. A Reader keeps
// reading what it opened when the object is replaced or removed.
Result<std::unique_ptr<BlobStore>> open_local_store(const std::string& dir,
                                                    std::shared_ptr<secrets::KeySource> masters);

// Removes what writers killed before commit() left behind in a local store; returns how many.
// Living writers, of other processes too, are not disturbed.
Result<std::size_t> sweep_leftovers(const std::string& dir);

bool is_valid_key(std::string_view key);

}  // namespace cad::blobs
