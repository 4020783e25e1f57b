// SPDX-License-Identifier: Apache-2.0
// What the service stands on, with a switch to take it away; its database:
// store/testing/away_database.hpp.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "blobs/blob_store.hpp"
#include "http/message.hpp"
#include "oauth/fetcher.hpp"
#include "store/testing/away_database.hpp"

namespace cad::app {

inline constexpr const char* kInside =
    "db.internal.example:5432 refused";  // no caller may read this

inline tl::unexpected<Error> gone() { return fail(ErrorCode::unavailable, kInside); }

class SwitchBlobs : public blobs::BlobStore {
 public:
  SwitchBlobs(std::unique_ptr<blobs::BlobStore> blobs, const bool& away)
      : blobs_(std::move(blobs)), away_(away) {}
  Result<std::unique_ptr<blobs::Writer>> create(const blobs::Key& key) override {
    if (away_) return gone();
    return blobs_->create(key);
  }
  Result<std::unique_ptr<blobs::Reader>> open(const blobs::Key& key) override {
    if (away_) return gone();
    return blobs_->open(key);
  }
  Result<void> remove_all(std::span<const blobs::Key> keys) override {
    if (away_) return gone();
    return blobs_->remove_all(keys);
  }
  Result<void> walk(std::string_view prefix, const Take& take) override {
    if (away_) return gone();
    return blobs_->walk(prefix, take);
  }
  // As a store with public= gives them.
  Result<std::optional<std::string>> link(const blobs::Key& key, std::chrono::seconds) override {
    if (away_) return gone();
    return std::optional("https://store.example.com/" + key);
  }

 private:
  std::unique_ptr<blobs::BlobStore> blobs_;
  const bool& away_;
};

// A provider that nobody gets as far as to ask.
class NoFetcher : public oauth::Fetcher {
 public:
  Result<oauth::Fetched> fetch(const oauth::Fetch&) override {
    ADD_FAILURE() << "the state comes first";
    return gone();
  }
};

class TextBody : public http::BodyReader {
 public:
  explicit TextBody(std::string text) : text_(std::move(text)) {}
  Result<std::size_t> read(std::span<std::byte> into) override {
    const std::size_t count = std::min(into.size(), text_.size() - at_);
    std::memcpy(into.data(), text_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::optional<std::uint64_t> declared_size() const override { return text_.size(); }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace cad::app
