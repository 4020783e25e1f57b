// SPDX-License-Identifier: Apache-2.0
// The error correction of R2007 files (ODA 5.13): words of 255 bytes, data first, then check bytes.
//   data pages    251 data +  4 check bytes over GF(256) of x^8+x^4+x^3+x^2+1, 2 wrong bytes mended
//   system pages  239 data + 16 check bytes over GF(256) of x^8+x^6+x^5+x^3+1, 8 wrong bytes mended
// The first byte of a word is the coefficient of x^0 and the roots are a^1, a^2 ...; read with the
// first byte as the highest power, the roots are the powers of 1/a. That is how it is done here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "formats/dwg/bytes.hpp"

namespace cad::dwg::rs {

enum class Code : std::uint8_t { data_page, system_page };

inline constexpr std::size_t kWord = 255;
constexpr std::size_t data_bytes(Code code) { return code == Code::data_page ? 251 : 239; }
constexpr std::size_t check_bytes(Code code) { return kWord - data_bytes(code); }
constexpr std::size_t words_for(Code code, std::size_t bytes) {
  return (bytes + data_bytes(code) - 1) / data_bytes(code);
}

using Word = std::span<std::byte, kWord>;

// The check bytes of data_bytes(code) bytes of data, into check_bytes(code) bytes.
void encode(Code code, Bytes data, std::span<std::byte> check);

bool intact(Code code, std::span<const std::byte, kWord> word);

// Mends a word in place: how many bytes were wrong. None where there are too many, or the word is
// nowhere near a true one; it is left as it is then.
std::optional<unsigned> correct(Code code, Word word);

struct Repair {
  std::size_t bytes = 0;       // put right
  std::size_t lost_words = 0;  // with more wrong bytes than can be mended

  Repair& operator+=(const Repair& other) {
    bytes += other.bytes;
    lost_words += other.lost_words;
    return *this;
  }
};

// Interleaved words (5.13.2): byte j of word i stands at j * words + i. `page` holds words * 255
// bytes, `out` takes words * data_bytes(code).
void gather(Code code, Bytes page, std::size_t words, std::span<std::byte> out);  // no check
Repair gather_corrected(Code code, Bytes page, std::size_t words, std::span<std::byte> out);

// Words one after the other (5.13.1): all data, then the check bytes of each word. The last word's
// missing data is the file's padding. `page` holds `size` bytes of data and the check bytes of
// words_for(size) words; `out` takes `size` bytes.
Repair correct_plain(Code code, Bytes page, Bytes padding, std::span<std::byte> out);

}  // namespace cad::dwg::rs
