// SPDX-License-Identifier: Apache-2.0
// What the contract of stores is held to: each kind with a place of its own, gone afterwards.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "blobs/blob_store.hpp"
#include "blobs/s3_store.hpp"
#include "crypto/bytes.hpp"
#include "swift_server.hpp"

namespace cad::blobs::testing {

class Backend {
 public:
  virtual ~Backend() = default;
  // Another one on the same place, as another machine would have it.
  virtual Result<std::unique_ptr<ManagedStore>> open(std::shared_ptr<secrets::KeySource> keys) = 0;
  virtual std::string files() const = 0;  // the folder where everything lies in the end
  virtual bool remote() const = 0;
};

class LocalBackend : public Backend {
 public:
  LocalBackend() {
    std::string pattern = (std::filesystem::temp_directory_path() / "blobs_test_XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
  }
  ~LocalBackend() override { std::filesystem::remove_all(dir_); }
  Result<std::unique_ptr<ManagedStore>> open(std::shared_ptr<secrets::KeySource> keys) override {
    return open_local_store(dir_, std::move(keys));
  }
  std::string files() const override { return dir_; }
  bool remote() const override { return false; }

 private:
  std::string dir_;
};

inline std::shared_ptr<const s3::Credentials> credentials_of(const std::string& access,
                                                             std::string secret) {
  return std::make_shared<s3::Credentials>(s3::Credentials{access, Secret::from_text(secret), ""});
}

class SwiftBackend : public Backend {
 public:
  explicit SwiftBackend(test_support::Swift swift)
      : swift_(std::move(swift)), prefix_("t" + crypto::random_hex(8)) {}
  S3StoreOptions options(const std::string& more = "") const {
    S3StoreOptions options{*s3::parse_settings(swift_.url + "&prefix=" + prefix_ + more),
                           credentials_of(swift_.access_key, swift_.secret_key),
                           {}};
    options.client.list_page = 4;  // a list takes several
    return options;
  }
  Result<std::unique_ptr<ManagedStore>> open(std::shared_ptr<secrets::KeySource> keys) override {
    return open_s3_store(options(), std::move(keys));
  }
  std::string files() const override { return swift_.files; }
  bool remote() const override { return true; }
  std::unique_ptr<s3::Client> client() const {
    auto some = options();
    return s3::Client::make(some.settings, some.credentials, {}).value();
  }

 private:
  test_support::Swift swift_;
  std::string prefix_;
};

enum class Kind { local, swift };

// Null: there is no such server here.
inline std::unique_ptr<Backend> make_backend(Kind kind) {
  if (kind == Kind::local) return std::make_unique<LocalBackend>();
  const auto swift = test_support::shared_swift();
  if (!swift) return nullptr;
  return std::make_unique<SwiftBackend>(*swift);
}

inline std::shared_ptr<secrets::KeySource> random_master() {
  return secrets::KeySource::fixed(secrets::KeyRing::of_one(
      crypto::as_bytes(crypto::random_key()).first<32>(), master_key_place("").label));
}

inline Result<void> put(Writer& writer, std::string_view text, std::size_t step = 10'000) {
  for (std::size_t at = 0; at < text.size(); at += step)
    CAD_TRY(writer.write(crypto::as_bytes(text.substr(at, step))));
  EXPECT_EQ(writer.bytes(), text.size());
  return writer.commit();
}
inline Result<std::string> get(Reader& reader) {
  std::string out(reader.size(), '\0');
  CAD_ASSIGN(const std::size_t got, reader.read(0, std::as_writable_bytes(std::span(out))));
  EXPECT_EQ(got, out.size());
  return out;
}

inline Result<void> put(BlobStore& store, const Key& key, std::string_view text) {
  CAD_ASSIGN(const auto writer, store.create(key));
  return put(*writer, text);
}
inline Result<std::string> get(BlobStore& store, const Key& key) {
  CAD_ASSIGN(const auto reader, store.open(key));
  return get(*reader);
}
// As it is stored.
inline void put_raw(ManagedStore& store, const Key& key, std::string_view bytes) {
  const auto writer = store.create_stored_form(key);
  ASSERT_TRUE(writer && put(**writer, bytes, 1 << 20));
}
inline std::string get_raw(ManagedStore& store, const Key& key) {
  const auto reader = store.open_stored_form(key);
  if (!reader) return {};
  return get(**reader).value_or(std::string());
}

// Bytes that differ everywhere, so that a swapped chunk cannot pass for another.
inline std::string sample(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t state = 12345;
  for (char& c : out) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(state >> 24);
  }
  return out;
}

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace cad::blobs::testing
