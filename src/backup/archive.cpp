// SPDX-License-Identifier: Apache-2.0
#include "backup/archive.hpp"

#include <zlib.h>

#include <array>

namespace cad::backup {
namespace {

constexpr std::size_t kBlock = 256 * 1024;
constexpr std::size_t kMostName = 200;

template <class T>
std::array<std::byte, sizeof(T)> to_bytes(T value) {
  std::array<std::byte, sizeof(T)> out;
  for (std::size_t i = 0; i < sizeof(T); ++i) out[i] = std::byte(value >> (8 * i) & 0xff);
  return out;
}

template <class T>
Result<T> read_integer(SealedReader& in) {
  std::array<std::byte, sizeof(T)> bytes{};
  CAD_TRY(in.read(bytes));
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>(value | std::to_integer<T>(bytes[i]) << (8 * i));
  return value;
}

tl::unexpected<Error> malformed() {
  return fail(ErrorCode::integrity, "The backup is not laid out as this version writes it.");
}

Bytef* raw(std::byte* bytes) { return reinterpret_cast<Bytef*>(bytes); }
const Bytef* raw(const std::byte* bytes) { return reinterpret_cast<const Bytef*>(bytes); }

}  // namespace

Result<void> ArchiveWriter::start(EntryKind kind, std::string_view name) {
  CAD_TRY(out_.write(to_bytes(static_cast<std::uint8_t>(kind))));
  CAD_TRY(out_.write(to_bytes(static_cast<std::uint16_t>(name.size()))));
  return out_.write(std::as_bytes(std::span(name)));
}

Result<void> ArchiveWriter::block(std::span<const std::byte> plain, bool compress) {
  std::span<const std::byte> stored = plain;
  if (compress) {
    packed_.resize(::compressBound(static_cast<uLong>(plain.size())));
    uLongf size = static_cast<uLongf>(packed_.size());
    if (::compress2(raw(packed_.data()), &size, raw(plain.data()), static_cast<uLong>(plain.size()),
                    Z_DEFAULT_COMPRESSION) != Z_OK)
      return fail(ErrorCode::internal, "A block of the backup could not be compressed.");
    if (size < plain.size()) stored = std::span<const std::byte>(packed_).first(size);
  }
  CAD_TRY(out_.write(to_bytes(static_cast<std::uint32_t>(plain.size()))));
  CAD_TRY(out_.write(to_bytes(static_cast<std::uint32_t>(stored.size()))));
  return out_.write(stored);
}

Result<void> ArchiveWriter::add(EntryKind kind, std::string_view name, const Source& source,
                                bool compress) {
  CAD_TRY(start(kind, name));
  std::vector<std::byte> buffer(kBlock);
  while (true) {
    CAD_ASSIGN(const std::size_t count, source(buffer));
    if (count == 0) break;
    CAD_TRY(block(std::span(buffer).first(count), compress));
  }
  return out_.write(to_bytes(std::uint32_t{0}));
}

Result<void> ArchiveWriter::add_text(EntryKind kind, std::string_view name, std::string_view text) {
  CAD_TRY(start(kind, name));
  if (!text.empty()) CAD_TRY(block(std::as_bytes(std::span(text)), false));
  return out_.write(to_bytes(std::uint32_t{0}));
}

Result<void> ArchiveWriter::end() {
  return out_.write(to_bytes(static_cast<std::uint8_t>(EntryKind::end)));
}

Result<Entry> ArchiveReader::next() {
  CAD_ASSIGN(const auto kind, read_integer<std::uint8_t>(in_));
  Entry entry;
  entry.kind = static_cast<EntryKind>(kind);
  if (entry.kind == EntryKind::end) {
    CAD_TRY(in_.expect_end());
    return entry;
  }
  if (kind > static_cast<std::uint8_t>(EntryKind::table)) return malformed();
  CAD_ASSIGN(const auto length, read_integer<std::uint16_t>(in_));
  if (length > kMostName) return malformed();
  entry.name.resize(length);
  CAD_TRY(in_.read(std::as_writable_bytes(std::span(entry.name.data(), entry.name.size()))));
  return entry;
}

Result<void> ArchiveReader::content(const Sink& sink) {
  while (true) {
    CAD_ASSIGN(const auto plain, read_integer<std::uint32_t>(in_));
    if (plain == 0) return {};
    CAD_ASSIGN(const auto stored, read_integer<std::uint32_t>(in_));
    if (plain > kBlock || stored > plain) return malformed();
    packed_.resize(stored);
    CAD_TRY(in_.read(packed_));
    if (stored == plain) {
      CAD_TRY(sink(packed_));
      continue;
    }
    plain_.resize(plain);
    uLongf size = plain;
    if (::uncompress(raw(plain_.data()), &size, raw(packed_.data()), stored) != Z_OK ||
        size != plain)
      return malformed();
    CAD_TRY(sink(plain_));
  }
}

Result<std::string> ArchiveReader::text(std::size_t most) {
  std::string text;
  CAD_TRY(content([&](std::span<const std::byte> bytes) -> Result<void> {
    if (text.size() + bytes.size() > most) return malformed();
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }));
  return text;
}

}  // namespace cad::backup
