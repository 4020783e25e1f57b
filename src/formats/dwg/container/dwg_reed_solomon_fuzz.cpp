// SPDX-License-Identifier: Apache-2.0
// Any bytes as words: what is mended is a true word, near enough to what was there, and mending
// again changes nothing. A true word with few wrong bytes comes back.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "formats/dwg/container/reed_solomon.hpp"

namespace {

using namespace cad::dwg;

void any_word(rs::Code code, Bytes bytes) {
  std::vector<std::byte> word(rs::kWord);
  std::copy_n(bytes.begin(), std::min(bytes.size(), word.size()), word.begin());
  const auto before = word;
  const auto mended = rs::correct(code, rs::Word(word));
  std::size_t changed = 0;
  for (std::size_t i = 0; i < word.size(); ++i) changed += word[i] != before[i] ? 1 : 0;
  if (changed != mended.value_or(0) || changed > rs::check_bytes(code) / 2) std::abort();
  if (mended && rs::correct(code, rs::Word(word)) != 0u) std::abort();
}

// The data is the input's beginning; its rest says where what is changed.
void true_word(rs::Code code, Bytes bytes) {
  std::vector<std::byte> word(rs::kWord);
  std::copy_n(bytes.begin(), std::min(bytes.size(), rs::data_bytes(code)), word.begin());
  rs::encode(code, word, std::span(word).last(rs::check_bytes(code)));
  const auto before = word;
  for (std::size_t i = 0; i < rs::check_bytes(code) / 2; ++i)
    word[u8(bytes, 251 + 2 * i) % rs::kWord] ^= std::byte{u8(bytes, 252 + 2 * i)};
  if (!rs::correct(code, rs::Word(word)) || word != before) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  for (const rs::Code code : {rs::Code::data_page, rs::Code::system_page}) {
    any_word(code, bytes);
    true_word(code, bytes);
    const std::size_t words = size / rs::kWord;
    std::vector<std::byte> plain(words * rs::data_bytes(code)), mended(plain.size());
    rs::gather(code, bytes, words, plain);
    if (rs::gather_corrected(code, bytes, words, mended).bytes == 0 && plain != mended)
      std::abort();
    std::vector<std::byte> out(size / 2);
    rs::correct_plain(code, bytes, slice(bytes, size / 3, 100), out);
  }
  return 0;
}
