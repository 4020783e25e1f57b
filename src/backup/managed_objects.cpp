// SPDX-License-Identifier: Apache-2.0
#include "backup/stored_objects.hpp"

namespace cad::backup {
namespace {

class ManagedWriter : public ObjectWriter {
 public:
  explicit ManagedWriter(std::unique_ptr<blobs::Writer> writer) : writer_(std::move(writer)) {}
  Result<void> write(std::span<const std::byte> bytes) override { return writer_->write(bytes); }
  Result<void> commit() override { return writer_->commit(); }

 private:
  std::unique_ptr<blobs::Writer> writer_;
};

class ManagedObjects : public StoredObjects {
 public:
  explicit ManagedObjects(blobs::ManagedStore& store) : store_(store) {}

  Result<Source> read(const blobs::Key& key) override {
    CAD_ASSIGN(auto reader, store_.open_stored_form(key));
    const std::shared_ptr<blobs::Reader> shared = std::move(reader);
    return Source(
        [shared, at = std::uint64_t{0}](std::span<std::byte> into) mutable -> Result<std::size_t> {
          CAD_ASSIGN(const std::size_t count, shared->read(at, into));
          at += count;
          return count;
        });
  }

  Result<std::unique_ptr<ObjectWriter>> write(const blobs::Key& key) override {
    CAD_ASSIGN(auto writer, store_.create_stored_form(key));
    return std::make_unique<ManagedWriter>(std::move(writer));
  }

 private:
  blobs::ManagedStore& store_;
};

}  // namespace

std::unique_ptr<StoredObjects> objects_of(blobs::ManagedStore& store) {
  return std::make_unique<ManagedObjects>(store);
}

}  // namespace cad::backup
