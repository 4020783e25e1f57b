// SPDX-License-Identifier: Apache-2.0
#include "secrets/key_ring.hpp"

#include <algorithm>
#include <charconv>

#include "crypto/bytes.hpp"
#include "crypto/hash.hpp"

namespace cad::secrets {
namespace {

constexpr std::string_view kSeparators = " \t\r\n,";

tl::unexpected<Error> malformed(const std::string& source) {
  return fail(
      ErrorCode::invalid_argument,
      source +
          " must hold 64 hexadecimal digits (for example from `cadlens admin make-key`), or "
          "several such keys, the present one first, and nothing else.");
}

std::optional<RingKey> parse_one(std::string_view word, std::string_view label) {
  const auto at = word.find('@');
  std::optional<std::int64_t> retired;
  if (at != word.npos) {
    const std::string_view number = word.substr(at + 1);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size()) return std::nullopt;
    retired = value;
    word = word.substr(0, at);
  }
  if (word.size() != 2 * kKeyBytes) return std::nullopt;
  auto decoded = crypto::from_hex(word);
  if (!decoded) return std::nullopt;
  const Secret bytes = Secret::from_text(*decoded);
  RingKey key = make_ring_key(bytes.bytes().first<kKeyBytes>(), label);
  key.retired_at = retired;
  return key;
}

RingKey copy_of(const RingKey& key) { return {key.secret.clone(), key.id, key.retired_at}; }

}  // namespace

RingKey make_ring_key(RawKey bytes, std::string_view label) {
  RingKey key;
  key.secret = Secret(bytes);
  const crypto::Digest digest = crypto::hmac_sha256(bytes, crypto::as_bytes(label));
  std::copy_n(digest.begin(), key.id.size(), key.id.begin());
  return key;
}

std::string id_text(const KeyId& id) { return crypto::to_hex(crypto::as_bytes(id)); }

Result<KeyRing> KeyRing::parse(const Secret& text, std::string_view label,
                               const std::string& source) {
  std::vector<RingKey> keys;
  std::string_view rest = text.text();
  while (true) {
    const auto start = rest.find_first_not_of(kSeparators);
    if (start == rest.npos) break;
    rest.remove_prefix(start);
    const auto end = std::min(rest.find_first_of(kSeparators), rest.size());
    auto key = parse_one(rest.substr(0, end), label);
    if (!key) return malformed(source);
    const bool twice =
        std::ranges::any_of(keys, [&](const RingKey& other) { return other.id == key->id; });
    if (!twice) keys.push_back(std::move(*key));
    rest.remove_prefix(end);
  }
  if (keys.empty()) return malformed(source);
  return KeyRing(std::move(keys));
}

KeyRing KeyRing::of_one(RawKey bytes, std::string_view label) {
  std::vector<RingKey> keys;
  keys.push_back(make_ring_key(bytes, label));
  return KeyRing(std::move(keys));
}

const RingKey* KeyRing::find(std::span<const std::byte> id) const {
  for (const RingKey& key : keys_)
    if (std::ranges::equal(crypto::as_bytes(key.id), id)) return &key;
  return nullptr;
}

KeyRing KeyRing::rotated(std::string_view label, std::optional<std::int64_t> retire_at) const {
  std::string random(kKeyBytes, '\0');
  crypto::random_bytes(std::as_writable_bytes(std::span(random.data(), random.size())));
  const Secret fresh = Secret::from_text(random);
  std::vector<RingKey> keys;
  keys.push_back(make_ring_key(fresh.bytes().first<kKeyBytes>(), label));
  for (const RingKey& key : keys_) keys.push_back(copy_of(key));
  if (retire_at) keys[1].retired_at = retire_at;
  return KeyRing(std::move(keys));
}

KeyRing KeyRing::current_only() const {
  std::vector<RingKey> keys;
  keys.push_back(copy_of(current()));
  return KeyRing(std::move(keys));
}

KeyRing KeyRing::without_retired(std::int64_t before) const {
  std::vector<RingKey> keys;
  for (const RingKey& key : keys_)
    if (keys.empty() || !key.retired_at || *key.retired_at >= before) keys.push_back(copy_of(key));
  return KeyRing(std::move(keys));
}

Secret KeyRing::to_text() const {
  std::string text;
  text.reserve(keys_.size() * 96);  // grown, it would leave copies behind
  for (const RingKey& key : keys_) {
    std::string hex = crypto::to_hex(key.bytes());
    text += hex;
    wipe_memory(std::as_writable_bytes(std::span(hex.data(), hex.size())));
    if (key.retired_at) text += "@" + std::to_string(*key.retired_at);
    text.push_back('\n');
  }
  return Secret::from_text(text);
}

}  // namespace cad::secrets
