// SPDX-License-Identifier: Apache-2.0
#include "blobs/envelope.hpp"

#include <algorithm>
#include <limits>

#include "crypto/hash.hpp"

namespace cad::blobs {
namespace {

constexpr std::string_view kMagic = "CLBO";
constexpr std::size_t kKeyIdAt = 8, kKeyIdBytes = sizeof(secrets::KeyId);
constexpr std::size_t kPrefixAt = 24, kPrefixBytes = 8;
constexpr std::size_t kWrapNonceAt = 36;
constexpr std::size_t kWrappedKeyAt = 48;
constexpr std::size_t kWrapTagAt = 80;
constexpr std::size_t kAddressBytes = 9;

template <class T>
void put(std::span<std::byte> out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) out[i] = std::byte(value >> (8 * i) & 0xff);
}

// What the header says before the object's own: under which master key it is.
void fill_start(Header& header, const secrets::RingKey& master) {
  const std::span<std::byte> bytes(header);
  std::ranges::fill(bytes.first(kPrefixAt), std::byte{0});
  std::ranges::copy(crypto::as_bytes(kMagic), bytes.begin());
  put<std::uint16_t>(bytes.subspan(4), 1);
  std::ranges::copy(crypto::as_bytes(master.id), bytes.begin() + kKeyIdAt);
  put<std::uint32_t>(bytes.subspan(16), kChunkBytes);
}

std::string wrap_aad(const Header& header, const Key& key) {
  return std::string(reinterpret_cast<const char*>(header.data()), kWrapNonceAt) + key;
}

struct DataKey {
  crypto::Key256 bytes{};
  DataKey() = default;
  DataKey(const DataKey&) = delete;
  DataKey& operator=(const DataKey&) = delete;
  DataKey(DataKey&& other) noexcept : bytes(other.bytes) { other.wipe(); }
  ~DataKey() { wipe(); }
  void wipe() { crypto::wipe(std::as_writable_bytes(std::span(bytes))); }
};

Result<void> wrap(const secrets::RingKey& master, const Key& key, const DataKey& data_key,
                  Header& header) {
  fill_start(header, master);
  const std::span<std::byte> bytes(header);
  crypto::Nonce nonce;
  crypto::random_bytes(std::as_writable_bytes(std::span(nonce)));
  crypto::Tag tag;
  CAD_TRY(crypto::AesGcm(master.bytes())
              .seal(nonce, crypto::as_bytes(wrap_aad(header, key)),
                    crypto::as_bytes(data_key.bytes), bytes.subspan(kWrappedKeyAt, 32), tag));
  std::ranges::copy(crypto::as_bytes(nonce), bytes.begin() + kWrapNonceAt);
  std::ranges::copy(crypto::as_bytes(tag), bytes.begin() + kWrapTagAt);
  return {};
}

Result<DataKey> unwrap(const secrets::KeyRing& masters, const Key& key, const Header& header) {
  const std::span<const std::byte> bytes(header);
  const secrets::RingKey* master = masters.find(bytes.subspan(kKeyIdAt, kKeyIdBytes));
  Header expected{};
  fill_start(expected, master != nullptr ? *master : masters.current());
  if (!std::ranges::equal(bytes.first(kKeyIdAt), std::span(expected).first(kKeyIdAt)))
    return fail(ErrorCode::integrity, "A stored object has an unknown header.");
  if (master == nullptr)
    return fail(ErrorCode::integrity,
                "A stored object was encrypted under another master key (id " +
                    secrets::id_text(master_id_of(header)) + ") than those that are present.");
  crypto::Nonce nonce;
  crypto::Tag tag;
  std::ranges::copy(bytes.subspan(kWrapNonceAt, nonce.size()),
                    std::as_writable_bytes(std::span(nonce)).begin());
  std::ranges::copy(bytes.subspan(kWrapTagAt, tag.size()),
                    std::as_writable_bytes(std::span(tag)).begin());
  DataKey data_key;
  CAD_TRY(crypto::AesGcm(master->bytes())
              .open(nonce, crypto::as_bytes(wrap_aad(header, key)),
                    bytes.subspan(kWrappedKeyAt, 32), tag,
                    std::as_writable_bytes(std::span(data_key.bytes))));
  return data_key;
}

}  // namespace

Result<Extent> extent_of_file(std::uint64_t file_bytes) {
  const std::uint64_t sealed = file_bytes < kHeaderBytes ? 0 : file_bytes - kHeaderBytes;
  const std::uint64_t full = sealed / kSealedChunkBytes;
  const std::uint64_t rest = sealed % kSealedChunkBytes;
  const bool only_an_empty_chunk = full == 0 && rest == crypto::kTagBytes;
  if (rest == 0 && full > 0) return Extent{full * kChunkBytes, full};
  if (rest > crypto::kTagBytes || only_an_empty_chunk) {
    return Extent{full * kChunkBytes + rest - crypto::kTagBytes, full + 1};
  }
  return fail(ErrorCode::integrity, "A stored object has been cut off.");
}

ChunkCipher::ChunkCipher(const crypto::Key256& data_key, std::span<const std::byte> nonce_prefix,
                         const Key& key)
    : aes_(data_key), aad_(key) {
  std::ranges::copy(nonce_prefix, std::as_writable_bytes(std::span(nonce_)).begin());
  aad_.append(kAddressBytes, '\0');
}

Result<ChunkCipher> ChunkCipher::create(const secrets::KeyRing& masters, const Key& key,
                                        Header& header) {
  header.fill(std::byte{0});
  const auto prefix = std::span(header).subspan(kPrefixAt, kPrefixBytes);
  crypto::random_bytes(prefix);
  DataKey data_key;
  crypto::random_bytes(std::as_writable_bytes(std::span(data_key.bytes)));
  CAD_TRY(wrap(masters.current(), key, data_key, header));
  return ChunkCipher(data_key.bytes, prefix, key);
}

Result<ChunkCipher> ChunkCipher::open(const secrets::KeyRing& masters, const Key& key,
                                      const Header& header) {
  CAD_ASSIGN(const DataKey data_key, unwrap(masters, key, header));
  return ChunkCipher(data_key.bytes, std::span(header).subspan(kPrefixAt, kPrefixBytes), key);
}

Result<bool> rewrap(const secrets::KeyRing& masters, const Key& key, Header& header) {
  CAD_ASSIGN(const DataKey data_key, unwrap(masters, key, header));
  if (master_id_of(header) == masters.current().id) return false;
  CAD_TRY(wrap(masters.current(), key, data_key, header));
  return true;
}

secrets::KeyId master_id_of(const Header& header) {
  secrets::KeyId id{};
  std::ranges::copy(std::span(header).subspan(kKeyIdAt, kKeyIdBytes),
                    std::as_writable_bytes(std::span(id)).begin());
  return id;
}

void ChunkCipher::address(std::uint64_t number, bool last) {
  put(std::as_writable_bytes(std::span(nonce_)).subspan(kPrefixBytes),
      static_cast<std::uint32_t>(number));
  const auto aad = std::as_writable_bytes(std::span(aad_));
  put(aad.last(kAddressBytes), number);
  aad.back() = std::byte(last ? 1 : 0);
}

Result<void> ChunkCipher::seal_chunk(std::uint64_t number, bool last,
                                     std::span<const std::byte> plain,
                                     std::span<std::byte> sealed) {
  if (number > std::numeric_limits<std::uint32_t>::max()) {
    return fail(ErrorCode::limit_exceeded, "An object is too large to be stored.");
  }
  address(number, last);
  crypto::Tag tag;
  CAD_TRY(aes_.seal(nonce_, crypto::as_bytes(aad_), plain, sealed.first(plain.size()), tag));
  std::ranges::copy(crypto::as_bytes(tag), sealed.last(crypto::kTagBytes).begin());
  return {};
}

Result<void> ChunkCipher::open_chunk(std::uint64_t number, bool last,
                                     std::span<const std::byte> sealed,
                                     std::span<std::byte> plain) {
  address(number, last);
  crypto::Tag tag;
  std::ranges::copy(sealed.last(crypto::kTagBytes), std::as_writable_bytes(std::span(tag)).begin());
  return aes_.open(nonce_, crypto::as_bytes(aad_), sealed.first(sealed.size() - crypto::kTagBytes),
                   tag, plain);
}

}  // namespace cad::blobs
