// SPDX-License-Identifier: Apache-2.0
// Objects (uploads, results, previews) at rest, always encrypted: AES-256-GCM in authenticated
// chunks under a data key of the object's own, wrapped by the master key. Random access by chunk.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
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

struct Aged {
  Key key;
  std::int64_t modified_ms = 0;  // when it was stored, by the store's clock
};

class BlobStore {
 public:
  virtual ~BlobStore() = default;
  virtual Result<std::unique_ptr<Writer>> create(const Key& key) = 0;  // replaces on commit
  virtual Result<std::unique_ptr<Reader>> open(const Key& key) = 0;    // NOT_FOUND
  // Gone for good when this returns, in as few requests as the store can be asked with. Those that
  // are not there are passed over.
  virtual Result<void> remove_all(std::span<const Key> keys) = 0;
  Result<void> remove(const Key& key) { return remove_all({&key, 1}); }
  // What begins with the prefix, some at a time and in no order, until `take` says no. It may
  // remove what it is shown.
  using Take = std::function<Result<bool>(std::span<const Aged>)>;
  virtual Result<void> walk(std::string_view prefix, const Take& take) = 0;
  Result<std::vector<Aged>> list_with_age(std::string_view prefix);  // by key
  Result<std::vector<Key>> list(std::string_view prefix);            // by key
  // A link that opens the object to whoever has it, for so long and at most an hour, where the
  // store gives such links and keeps the object for them; else none: then it is read here.
  virtual Result<std::optional<std::string>> link(const Key&, std::chrono::seconds) {
    return std::optional<std::string>();
  }
};

// How many objects, half-written ones among them, are under which master key (id as text).
struct KeyUse {
  std::map<std::string, std::size_t> objects;
  std::size_t undecided = 0;  // a writer has just begun and may take any key of its ring
};
struct Rewrapped {
  std::size_t objects = 0, changed = 0;
};

// What the operator's commands and the sweeper do with a store.
class ManagedStore : public BlobStore {
 public:
  // The object as it is stored, under its envelope; what is read so and written so elsewhere under
  // the same key opens there with the same master key. Nothing is checked.
  virtual Result<std::unique_ptr<Reader>> open_stored_form(const Key& key) = 0;  // NOT_FOUND
  virtual Result<std::unique_ptr<Writer>> create_stored_form(const Key& key) = 0;

  virtual Result<KeyUse> count_master_keys() = 0;
  // Wraps every object's data key under the ring's current master key; beside running servers that
  // follow the same ring. Stopped anywhere, by a power cut too, every object is under its old or
  // its new key; a second run does the rest. What is changed is durable when this returns. `go_on`
  // is asked before each object with the count so far.
  virtual Result<Rewrapped> rewrap_all(const secrets::KeyRing& masters,
                                       const std::function<bool(std::size_t)>& go_on) = 0;

  // Removes what writers killed before commit() left behind; returns how many. Living writers, of
  // other processes and machines too, are not disturbed.
  virtual Result<std::size_t> sweep_leftovers() = 0;
};

// The keys that wrap the objects' keys: CADLENS_MASTER_KEY, CADLENS_MASTER_KEY_FILE, or the file
// `dir`/master.key.
secrets::KeyPlace master_key_place(const std::string& dir);

// Objects as files below `dir`, which is made (mode 0700) when missing. The store may be used from
// many threads and by many processes; a Writer or Reader by one thread at a time. A Reader keeps
// reading what it opened when the object is replaced or removed.
Result<std::unique_ptr<ManagedStore>> open_local_store(const std::string& dir,
                                                       std::shared_ptr<secrets::KeySource> masters);

bool is_valid_key(std::string_view key);

}  // namespace cad::blobs
