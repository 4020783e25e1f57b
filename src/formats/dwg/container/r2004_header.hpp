// SPDX-License-Identifier: Apache-2.0
// The encrypted file header of R2004 and its followers (ODA 4.1), at 0x80 and again near the end.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "formats/dwg/bytes.hpp"

namespace cad::dwg {

inline constexpr std::size_t kR2004HeaderAt = 0x80;
inline constexpr std::size_t kR2004HeaderBytes = 0x6C;
inline constexpr std::uint64_t kR2004PagesAt = 0x100;  // where the first page begins

struct R2004Header {
  std::uint64_t page_map_address = 0;  // in the file
  std::int32_t section_map_page = 0;   // the number of its page
  std::uint64_t second_address = 0;    // of the copy
  bool checksum_right = false;
};

// The bytes that the header is XORed with; they also fill what is unused between pages.
std::array<std::byte, kR2004HeaderBytes> r2004_key();

// The header at `at`; none when its ID string is not there.
std::optional<R2004Header> read_r2004_header(Bytes file, std::uint64_t at);

// The last copy in the file whose checksum is right, wherever it is.
std::optional<R2004Header> find_r2004_header_copy(Bytes file);

}  // namespace cad::dwg
