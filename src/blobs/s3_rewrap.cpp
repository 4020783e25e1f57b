// SPDX-License-Identifier: Apache-2.0
#include "blobs/s3_rewrap.hpp"

#include <algorithm>

namespace cad::blobs {
namespace {

constexpr std::uint64_t kMostCopied = 1ull << 30;  // bytes of one part that the server copies

// Passing: the object is another one, or gone. Left as it is.
bool is_passed_by(const Error& error) {
  return error.code == ErrorCode::conflict || error.code == ErrorCode::not_found;
}

Result<bool> still_has(s3::Client& client, const Key& key, std::string_view etag) {
  const auto now = client.head(key);
  if (!now && now.error().code == ErrorCode::not_found) return false;
  if (!now) return tl::unexpected(now.error());
  return now->etag == etag;
}

// Servers that know no condition on writing are asked just before instead.
Result<void> replace_small(s3::Client& client, const Key& key, std::string_view etag,
                           std::span<const std::byte> bytes) {
  const auto put = client.put(key, bytes, etag);
  if (put) return {};
  if (put.error().code != ErrorCode::invalid_argument) return tl::unexpected(put.error());
  CAD_ASSIGN(const bool same, still_has(client, key, etag));
  if (!same) return fail(ErrorCode::conflict, "The object was replaced in the meantime.");
  CAD_TRY(client.put(key, bytes));
  return {};
}

class Copy {
 public:
  static Result<Copy> begin(s3::Client& client, const Key& key) {
    CAD_ASSIGN(std::string id, client.create_upload(key));
    return Copy(client, key, std::move(id));
  }
  ~Copy() {
    if (!id_.empty()) (void)client_.abort_upload(key_, id_);
  }
  Copy(Copy&& other) noexcept
      : client_(other.client_),
        key_(other.key_),
        id_(std::exchange(other.id_, {})),
        etags_(std::move(other.etags_)) {}

  Result<void> add(std::span<const std::byte> bytes) {
    CAD_ASSIGN(std::string etag, client_.upload_part(key_, id_, etags_.size() + 1, bytes));
    etags_.push_back(std::move(etag));
    return {};
  }
  Result<void> add_from_object(std::string_view etag, std::uint64_t first, std::uint64_t last) {
    auto part = client_.copy_part(key_, id_, etags_.size() + 1, key_, etag, first, last);
    if (!part && part.error().code == ErrorCode::conflict) {
      // Or the server compares with another ETag than it shows, as Swift does with objects that
      // were uploaded in parts; finish() looks again.
      CAD_ASSIGN(const bool same, still_has(client_, key_, etag));
      if (same) part = client_.copy_part(key_, id_, etags_.size() + 1, key_, {}, first, last);
    }
    CAD_TRY(part);
    etags_.push_back(std::move(*part));
    return {};
  }
  Result<void> finish(std::string_view etag) {
    CAD_ASSIGN(const bool same, still_has(client_, key_, etag));
    if (!same) return fail(ErrorCode::conflict, "The object was replaced in the meantime.");
    CAD_TRY(client_.complete_upload(key_, id_, etags_));
    id_.clear();
    return {};
  }

 private:
  Copy(s3::Client& client, const Key& key, std::string id)
      : client_(client), key_(key), id_(std::move(id)) {}

  s3::Client& client_;
  const Key& key_;
  std::string id_;
  std::vector<std::string> etags_;
};

// The first part holds the new header and is sent; the others stay where they are.
Result<void> replace_large(s3::Client& client, const Key& key, const s3::Fetched& start) {
  CAD_ASSIGN(Copy copy, Copy::begin(client, key));
  CAD_TRY(copy.add(crypto::as_bytes(start.bytes)));
  for (std::uint64_t at = start.bytes.size(); at < start.size; at += kMostCopied)
    CAD_TRY(copy.add_from_object(start.etag, at,
                                 std::min<std::uint64_t>(at + kMostCopied, start.size) - 1));
  return copy.finish(start.etag);
}

}  // namespace

Result<bool> rewrap_s3_object(s3::Client& client, const secrets::KeyRing& masters, const Key& key) {
  auto start = client.get(key, 0, kHeaderBytes);
  if (!start && start.error().code == ErrorCode::not_found) return false;
  if (!start) return tl::unexpected(std::move(start.error()));
  if (start->bytes.size() < kHeaderBytes)
    return fail(ErrorCode::integrity, "A stored object has been cut off.");
  Header header{};
  std::ranges::copy(crypto::as_bytes(start->bytes), header.begin());
  CAD_ASSIGN(const bool changed, rewrap(masters, key, header));
  if (!changed) return false;
  auto whole = client.get(key, 0, s3::kLeastPartBytes, start->etag);
  if (!whole && is_passed_by(whole.error())) return false;
  if (!whole) return tl::unexpected(std::move(whole.error()));
  std::ranges::copy(header, std::as_writable_bytes(std::span(whole->bytes)).begin());
  const auto replaced =
      whole->bytes.size() == whole->size
          ? replace_small(client, key, whole->etag, crypto::as_bytes(whole->bytes))
          : replace_large(client, key, *whole);
  if (!replaced && is_passed_by(replaced.error())) return false;
  CAD_TRY(replaced);
  return true;
}

}  // namespace cad::blobs
