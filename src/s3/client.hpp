// SPDX-License-Identifier: Apache-2.0
// The calls of S3 that a store needs. What may pass by itself (no answer, 5xx, throttling) is tried
// again for a while; once that was in vain the server counts as away, unless it only asks to slow
// down, and each call tries once, of a while's calls all but one not long, until one is answered.
// What was sent is checked by its digests; messages never hold a secret, a signature, or what the
// server wrote.
//
// NOT_FOUND: no such object (or upload). CONFLICT: it has another ETag than asked for. UNAVAILABLE:
// the server is away, or asks to slow down. INTEGRITY: digests or lengths differ. INTERNAL: it
// refuses us; the message says what to look at.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "logging/outage.hpp"
#include "s3/http.hpp"
#include "s3/settings.hpp"

namespace spdlog {
class logger;
}

namespace cad::s3 {

struct ClientOptions {
  HttpTimes times;
  std::chrono::milliseconds retry_for{10'000};   // no further attempt begins after that
  std::chrono::milliseconds first_pause{50};     // doubled each time, at most 2 s, less by chance
  std::chrono::milliseconds wait_every{10'000};  // a server that is away is waited for as usual
  std::function<std::int64_t()> clock;           // seconds; none: the system's
  int list_page = 1000;                          // entries of one answer
  spdlog::logger* log = nullptr;
};

struct Stored {
  std::string etag;  // as the server wrote it, quotes included
  std::string sse;   // how the server says that it encrypts; empty: it does not say
  std::uint64_t size = 0;
};
struct Fetched {
  std::string bytes;
  std::uint64_t size = 0;  // of the whole object
  std::string etag;
};
struct Listed {
  std::string key;  // without the prefix of the settings
  std::int64_t modified_ms = 0;
};
struct ListPage {
  std::vector<Listed> objects;
  std::string next;  // empty: that was all
};
struct OpenUpload {
  std::string key, id;
  std::int64_t begun_ms = 0;
};
struct UploadPage {
  std::vector<OpenUpload> uploads;
  std::string next_key, next_id;  // empty: that was all
};

inline constexpr std::size_t kLeastPartBytes = 5u << 20;  // but for the last part
inline constexpr std::size_t kMostParts = 10'000;
inline constexpr std::size_t kMostRemoved = 1000;  // by one request
inline constexpr std::int64_t kMostPresignedSeconds = 3600;

class Client {
 public:
  static Result<std::unique_ptr<Client>> make(Settings settings,
                                              std::shared_ptr<const Credentials> credentials,
                                              ClientOptions options);

  // `if_match`: only in place of the object with that ETag; INVALID_ARGUMENT from servers that do
  // not know conditions on writing.
  Result<Stored> put(std::string_view key, std::span<const std::byte> bytes,
                     std::string_view if_match = {},
                     std::string_view content_type = "application/octet-stream");
  // From `offset`; less than `length` where the object ends. INTEGRITY when nothing is there.
  Result<Fetched> get(std::string_view key, std::uint64_t offset, std::uint64_t length,
                      std::string_view if_match = {});
  Result<Stored> head(std::string_view key);
  Result<void> remove(std::string_view key);  // also when there is none
  Result<void> remove_many(std::span<const std::string> keys);
  Result<ListPage> list(std::string_view prefix, const std::string& from = {});

  Result<std::string> create_upload(std::string_view key);
  Result<std::string> upload_part(std::string_view key, const std::string& id, std::size_t number,
                                  std::span<const std::byte> bytes);
  // Bytes `first` to `last` of the object `from`, if it has that ETag (empty: whatever it has).
  Result<std::string> copy_part(std::string_view key, const std::string& id, std::size_t number,
                                std::string_view from, std::string_view if_match,
                                std::uint64_t first, std::uint64_t last);
  // ETags in the order of the parts, which are numbered from 1. NOT_FOUND: there is no such upload;
  // after an answer that was lost it may be complete.
  Result<Stored> complete_upload(std::string_view key, const std::string& id,
                                 const std::vector<std::string>& etags);
  Result<void> abort_upload(std::string_view key, const std::string& id);
  Result<UploadPage> list_uploads(const std::string& from_key = {},
                                  const std::string& from_id = {});

  // A URL that whoever has it may GET the object with, for at most an hour. `base` replaces scheme
  // and authority of the settings when it is not empty ("https://cdn.example.com").
  Result<std::string> presigned_get(std::string_view key, std::int64_t seconds,
                                    std::string_view base = {}) const;

  const Settings& settings() const { return settings_; }

 private:
  struct Call;
  Client(Settings settings, std::shared_ptr<const Credentials> credentials, ClientOptions options,
         std::unique_ptr<Http> http);

  Result<HttpAnswer> run(const Call& call);
  Result<HttpAnswer> once(const Call& call, bool hurry);
  bool is_time_to_wait();
  Result<std::vector<std::string>> remove_page(std::span<const std::string> keys);
  void ask_for_encryption(Call& call) const;
  Result<void> check_encryption(const HttpAnswer& answer) const;
  Result<void> check_etag(const HttpAnswer& answer, std::span<const std::byte> bytes) const;
  std::int64_t now() const;

  Settings settings_;
  std::shared_ptr<const Credentials> credentials_;
  ClientOptions options_;
  std::unique_ptr<Http> http_;
  logging::Outage outage_;
  std::atomic<bool> removes_singly_ = false;
  std::atomic<std::chrono::steady_clock::time_point> wait_at_ =
      std::chrono::steady_clock::time_point();
};

}  // namespace cad::s3
