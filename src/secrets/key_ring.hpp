// SPDX-License-Identifier: Apache-2.0
// 256-bit keys of one use, the present one first and older ones behind it, so that what was made
// under an older key can still be read after a rotation.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cad::secrets {

inline constexpr std::size_t kKeyBytes = 32;
using KeyId = std::array<std::uint8_t, 8>;  // tells keys apart, says nothing about them
using RawKey = std::span<const std::byte, kKeyBytes>;

struct RingKey {
  Secret secret;  // 32 bytes
  KeyId id{};
  std::optional<std::int64_t> retired_at;  // seconds since 1970; none: not by a date
  RawKey bytes() const { return secret.bytes().first<kKeyBytes>(); }
};

// `label` names the use: one key has another id in another use.
RingKey make_ring_key(RawKey bytes, std::string_view label);
std::string id_text(const KeyId& id);  // 16 hex digits

class KeyRing {
 public:
  explicit KeyRing(std::vector<RingKey> keys) : keys_(std::move(keys)) {}  // at least one
  // 64 hex digits a key, then perhaps "@<retired at>"; white space or commas between keys.
  // INVALID_ARGUMENT names `source`, never the text.
  static Result<KeyRing> parse(const Secret& text, std::string_view label,
                               const std::string& source);
  static KeyRing of_one(RawKey bytes, std::string_view label);

  const RingKey& current() const { return keys_.front(); }
  const RingKey* find(std::span<const std::byte> id) const;
  std::span<const RingKey> keys() const { return keys_; }

  // A fresh key in front; the present one is retired at that time, if one is given.
  KeyRing rotated(std::string_view label, std::optional<std::int64_t> retire_at) const;
  // Without the older keys, or only without those retired before `before`.
  KeyRing current_only() const;
  KeyRing without_retired(std::int64_t before) const;

  Secret to_text() const;

 private:
  std::vector<RingKey> keys_;
};

struct KeyPlace {
  std::string variable;  // "CADLENS_MASTER_KEY", and the same with _FILE
  std::string file;      // read when neither is set; see open()
  std::string label;
  std::string name;  // in messages: "The master key"
};
enum class Missing { make, refuse };

// The ring as it is now: a file is read again when it was replaced, so a running service follows
// a rotation. Any thread.
class KeySource {
 public:
  // A missing `place.file` is made with mode 0600, or NOT_FOUND. A file that the environment names
  // must be there: another key is never taken instead.
  static Result<std::shared_ptr<KeySource>> open(const KeyPlace& place, Missing missing);
  static std::shared_ptr<KeySource> fixed(KeyRing ring);

  std::shared_ptr<const KeyRing> now();
  const std::string& file() const { return file_; }  // empty: the key came as text
  const KeyPlace& place() const { return place_; }

 private:
  struct Stamp {
    std::uint64_t device = 0, inode = 0, size = 0;
    std::int64_t seconds = 0, nanoseconds = 0;
    bool operator==(const Stamp&) const = default;
  };
  Result<KeyRing> read_file() const;
  static Stamp stamp_of(const std::string& path);

  KeyPlace place_;
  std::string file_;
  bool own_file_ = false;  // the default one, which must be the owner's alone
  std::mutex mutex_;
  Stamp stamp_;
  std::shared_ptr<const KeyRing> ring_;
};

// Replaces the file as a whole: who reads it meanwhile sees the old ring or the new one.
Result<void> write_key_file(const std::string& path, const KeyRing& ring);

}  // namespace cad::secrets
