// SPDX-License-Identifier: Apache-2.0
#include "auth/url_signer.hpp"

#include <charconv>

#include "crypto/bytes.hpp"
#include "crypto/hash.hpp"

namespace cad::auth {
namespace {

constexpr std::string_view kLabel = "signing key id";

std::string sign(const secrets::RingKey& key, std::string_view method, std::string_view path,
                 std::string_view expires) {
  // No part can hold a newline (the parser of requests refuses it), so no two triples look alike.
  std::string message;
  message.append(method).append("\n").append(path).append("\n").append(expires);
  const auto digest = crypto::hmac_sha256(key.bytes(), crypto::as_bytes(message));
  return crypto::to_hex(crypto::as_bytes(digest));
}

// The one spelling that query() writes.
std::optional<std::int64_t> parse_time(std::string_view text) {
  std::int64_t time = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), time);
  if (error != std::errc() || std::to_string(time) != text) return std::nullopt;
  return time;
}

const secrets::RingKey* find_key(const secrets::KeyRing& ring, std::string_view id) {
  for (const secrets::RingKey& key : ring.keys())
    if (secrets::id_text(key.id) == id) return &key;
  return nullptr;
}

}  // namespace

secrets::KeyPlace signing_key_place(const std::string& dir) {
  return {"CADLENS_SIGNING_KEY", dir + "/signing.key", std::string(kLabel), "The signing key"};
}

UrlSigner::UrlSigner(const std::array<std::uint8_t, 32>& key)
    : keys_(secrets::KeySource::fixed(
          secrets::KeyRing::of_one(std::as_bytes(std::span(key)), kLabel))) {}

std::string UrlSigner::query(std::string_view method, std::string_view path,
                             std::int64_t expires) const {
  const auto ring = keys_->now();
  const secrets::RingKey& key = ring->current();
  const std::string time = std::to_string(expires);
  return "?expires=" + time + "&key=" + secrets::id_text(key.id) +
         "&signature=" + sign(key, method, path, time);
}

bool UrlSigner::allows(std::string_view method, std::string_view path, const SignedQuery& query,
                       std::int64_t now_seconds) const {
  const auto ring = keys_->now();
  const secrets::RingKey* key = find_key(*ring, query.key);
  if (key == nullptr) return false;
  if (!crypto::equal_in_constant_time(sign(*key, method, path, query.expires), query.signature))
    return false;
  const auto time = parse_time(query.expires);
  if (!time || now_seconds >= *time) return false;
  // A key that was retired because somebody stole it signs nothing new.
  return !key->retired_at || *time <= *key->retired_at + kUrlLifeSeconds;
}

}  // namespace cad::auth
