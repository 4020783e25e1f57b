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
    CAD_TRY(ask(key));
    ++created;
    return std::make_unique<MemoryWriter>(*this, key);
  }
  Result<std::unique_ptr<blobs::Reader>> open(const blobs::Key& key) override {
    CAD_TRY(ask(key));
    const std::lock_guard lock(mutex_);
    const auto found = objects_.find(key);
    if (found == objects_.end()) return fail(ErrorCode::not_found, "no such object");
    return std::make_unique<MemoryReader>(*this, key, found->second);
  }
  Result<void> remove_all(std::span<const blobs::Key> keys) override {
    ++removals;
    for (const blobs::Key& key : keys) CAD_TRY(ask(key));
    const std::lock_guard lock(mutex_);
    for (const blobs::Key& key : keys) objects_.erase(key);
    return {};
  }
  // In pages of two.
  Result<void> walk(std::string_view prefix, const Take& take) override {
    CAD_TRY(ask(prefix));
    std::vector<blobs::Aged> found;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [key, bytes] : objects_) {
        const auto age = modified_ms.find(key);
        if (key.starts_with(prefix))
          found.push_back({key, age == modified_ms.end() ? 0 : age->second});
      }
    }
    for (std::size_t at = 0; at < found.size(); at += 2) {
      ++pages;
      const auto page = std::span(found).subspan(at, std::min<std::size_t>(2, found.size() - at));
      CAD_ASSIGN(const bool go_on, take(page));
      if (!go_on) break;
    }
    return {};
  }

  Result<std::optional<std::string>> link(const blobs::Key& key,
                                          std::chrono::seconds life) override {
    ++links_asked;
    CAD_TRY(ask(key));
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
    static FakeBlobs always_there;
    return std::make_shared<MemoryReader>(always_there, "", std::move(bytes));
  }

  std::atomic<int> created = 0, removals = 0, pages = 0, links_asked = 0;
  std::map<blobs::Key, std::string> links;
  std::map<blobs::Key, std::int64_t> modified_ms;  // others are as old as can be
  // Nothing below that prefix can be read, written, listed or removed any more.
  std::atomic<bool> away = false;
  std::string away_below;
  ErrorCode away_as = ErrorCode::unavailable;

 private:
  Result<void> ask(std::string_view key) const {
    if (away && key.starts_with(away_below)) return fail(away_as, "The store is away.");
    return {};
  }

  class MemoryReader : public blobs::Reader {
   public:
    MemoryReader(const FakeBlobs& store, blobs::Key key, std::string bytes)
        : store_(store), key_(std::move(key)), bytes_(std::move(bytes)) {}
    std::uint64_t size() const override { return bytes_.size(); }
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) override {
      CAD_TRY(store_.ask(key_));
      if (offset >= bytes_.size()) return std::size_t{0};
      const std::size_t count = std::min<std::uint64_t>(into.size(), bytes_.size() - offset);
      std::memcpy(into.data(), bytes_.data() + offset, count);
      return count;
    }

   private:
    const FakeBlobs& store_;
    blobs::Key key_;
    std::string bytes_;
  };

  class MemoryWriter : public blobs::Writer {
   public:
    MemoryWriter(FakeBlobs& store, blobs::Key key) : store_(store), key_(std::move(key)) {}
    Result<void> write(std::span<const std::byte> bytes) override {
      CAD_TRY(store_.ask(key_));
      bytes_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      return {};
    }
    Result<void> commit() override {
      CAD_TRY(store_.ask(key_));
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
