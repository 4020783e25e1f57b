// SPDX-License-Identifier: Apache-2.0
// For tests: objects in memory.
#pragma once

#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>

#include "blobs/blob_store.hpp"

namespace cad::jobs {

class FakeBlobs : public blobs::BlobStore {
 public:
  Result<std::unique_ptr<blobs::Writer>> create(const blobs::Key& key) override {
    ++created;
    return std::make_unique<MemoryWriter>(*this, key);
  }
  Result<std::unique_ptr<blobs::Reader>> open(const blobs::Key& key) override {
    if (away) return fail(ErrorCode::unavailable, "away");
    const std::lock_guard lock(mutex_);
    const auto found = objects_.find(key);
    if (found == objects_.end()) return fail(ErrorCode::not_found, "no such object");
    return std::make_unique<MemoryReader>(found->second);
  }
  Result<bool> remove(const blobs::Key& key) override {
    const std::lock_guard lock(mutex_);
    return objects_.erase(key) == 1;
  }
  Result<std::vector<blobs::Aged>> list_with_age(std::string_view prefix) override {
    const std::lock_guard lock(mutex_);
    std::vector<blobs::Aged> found;
    for (const auto& [key, bytes] : objects_)
      if (key.starts_with(prefix)) found.push_back({key, 0});
    return found;
  }

  Result<std::optional<std::string>> link(const blobs::Key& key,
                                          std::chrono::seconds life) override {
    const auto found = links.find(key);
    if (found == links.end()) return std::optional<std::string>();
    return std::optional(found->second + "?life=" + std::to_string(life.count()));
  }

  void put(const blobs::Key& key, std::string bytes) {
    const std::lock_guard lock(mutex_);
    objects_[key] = std::move(bytes);
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return objects_.size();
  }

  static std::shared_ptr<blobs::Reader> reader(std::string bytes) {
    return std::make_shared<MemoryReader>(std::move(bytes));
  }

  int created = 0;
  std::map<blobs::Key, std::string> links;
  std::atomic<bool> away = false;  // to be read

 private:
  class MemoryReader : public blobs::Reader {
   public:
    explicit MemoryReader(std::string bytes) : bytes_(std::move(bytes)) {}
    std::uint64_t size() const override { return bytes_.size(); }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) override {
      if (offset >= bytes_.size()) return std::size_t{0};
      const std::size_t count = std::min<std::uint64_t>(into.size(), bytes_.size() - offset);
      std::memcpy(into.data(), bytes_.data() + offset, count);
      return count;
    }

   private:
    std::string bytes_;
  };

  class MemoryWriter : public blobs::Writer {
   public:
    MemoryWriter(FakeBlobs& store, blobs::Key key) : store_(store), key_(std::move(key)) {}
    Result<void> write(std::span<const std::byte> bytes) override {
      bytes_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      return {};
    }
    Result<void> commit() override {
      store_.put(key_, bytes_);
      return {};
    }
    std::uint64_t bytes() const override { return bytes_.size(); }

   private:
    FakeBlobs& store_;
    blobs::Key key_;
    std::string bytes_;
  };

  std::mutex mutex_;
  std::map<blobs::Key, std::string> objects_;
};

}  // namespace cad::jobs
