// SPDX-License-Identifier: Apache-2.0
#include "formats/zip_head.hpp"

#include <cstdint>
#include <optional>

namespace cad {
namespace {

constexpr std::string_view kLocalHeader{"PK\x03\x04", 4};
constexpr std::string_view kDescriptor{"PK\x07\x08", 4};
constexpr std::size_t kHeaderBytes = 30, kDescriptorBytes = 16;
constexpr unsigned kEncrypted = 1, kSizesFollow = 8;
constexpr std::size_t kMostNames = 256;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Little-endian; the caller has checked that it is there.
std::uint32_t number(std::string_view text, std::size_t at, std::size_t bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(text[at + i]);
  return value;
}

// Where the entry that starts at `data` ends, when its sizes stand behind it: at the descriptor
// whose size is right.
std::optional<std::size_t> end_by_descriptor(std::string_view text, std::size_t data) {
  for (auto at = text.find(kDescriptor, data); at != text.npos;
       at = text.find(kDescriptor, at + 1)) {
    if (text.size() - at < kDescriptorBytes) return {};
    if (number(text, at + 8, 4) == at - data) return at + kDescriptorBytes;
  }
  return {};
}

}  // namespace

bool is_zip(std::span<const std::byte> head) { return text_of(head).starts_with(kLocalHeader); }

ZipHead read_zip_head(std::span<const std::byte> head) {
  const std::string_view text = text_of(head);
  ZipHead out;
  std::size_t at = 0;
  while (text.substr(at).starts_with(kLocalHeader) && text.size() - at >= kHeaderBytes &&
         out.names.size() < kMostNames) {
    const std::uint32_t flags = number(text, at + 6, 2);
    const std::size_t packed = number(text, at + 18, 4);
    const std::size_t name_bytes = number(text, at + 26, 2), extra_bytes = number(text, at + 28, 2);
    if (text.size() - at - kHeaderBytes < name_bytes) break;
    out.encrypted = out.encrypted || (flags & kEncrypted) != 0;
    out.names.push_back(text.substr(at + kHeaderBytes, name_bytes));
    const std::size_t data = at + kHeaderBytes + name_bytes + extra_bytes;
    if (data > text.size()) break;
    if ((flags & kSizesFollow) != 0 && packed == 0) {
      const auto end = end_by_descriptor(text, data);
      if (!end) break;
      at = *end;
    } else {
      if (packed > text.size() - data) break;
      at = data + packed;
    }
  }
  return out;
}

}  // namespace cad
