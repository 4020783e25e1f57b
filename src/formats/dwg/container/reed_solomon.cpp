// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/reed_solomon.hpp"

#include <algorithm>

namespace cad::dwg::rs {
namespace {

using Element = std::uint8_t;

// A field by the powers of b = 1/a, a = x: to multiply by b is to divide by x.
struct Field {
  std::array<Element, 2 * kWord> power{};  // twice around, so that sums of two logarithms index it
  std::array<std::uint8_t, 256> log{};

  constexpr explicit Field(unsigned polynomial) {
    unsigned value = 1;
    for (std::size_t i = 0; i < kWord; ++i) {
      power[i] = power[i + kWord] = static_cast<Element>(value);
      log[value] = static_cast<std::uint8_t>(i);
      value = ((value & 1) != 0 ? value ^ polynomial : value) >> 1;
    }
  }
  constexpr Element product(Element a, Element b) const {
    return a == 0 || b == 0 ? Element{0} : power[log[a] + log[b]];
  }
  constexpr Element quotient(Element a, Element b) const {  // b is not 0
    return a == 0 ? Element{0} : power[log[a] + kWord - log[b]];
  }
};

// The remainder of a division, one coefficient per byte of an integer, highest power on top.
__extension__ using Remainder128 = unsigned __int128;
template <std::size_t kChecks>
using RemainderOf = std::conditional_t<kChecks == 4, std::uint32_t, Remainder128>;

template <unsigned kPolynomial, std::size_t kChecks>
struct Codec {
  using Remainder = RemainderOf<kChecks>;
  using Syndromes = std::array<Element, kChecks>;
  static constexpr Field kField{kPolynomial};
  static constexpr std::size_t kData = kWord - kChecks;
  static constexpr int kTop = 8 * (static_cast<int>(kChecks) - 1);

  // For every byte the multiple of (x - b)(x - b^2)... that takes it off the top.
  static constexpr std::array<Remainder, 256> make_table() {
    std::array<Element, kChecks + 1> generator{1};
    for (std::size_t root = 1; root <= kChecks; ++root)
      for (std::size_t i = root; i > 0; --i)
        generator[i] ^= kField.product(generator[i - 1], kField.power[root]);
    std::array<Remainder, 256> table{};
    for (unsigned byte = 0; byte < 256; ++byte)
      for (std::size_t i = 1; i <= kChecks; ++i)
        table[byte] = static_cast<Remainder>(
            table[byte] << 8 | kField.product(static_cast<Element>(byte), generator[i]));
    return table;
  }
  static constexpr std::array<Remainder, 256> kTable = make_table();

  static Remainder remainder_of(const std::byte* data) {
    Remainder rest = 0;
    for (std::size_t i = 0; i < kData; ++i)
      rest = static_cast<Remainder>(
          rest << 8 ^
          kTable[static_cast<Element>(rest >> kTop) ^ std::to_integer<Element>(data[i])]);
    return rest;
  }
  static void encode(const std::byte* data, std::byte* check) {
    const Remainder rest = remainder_of(data);
    for (std::size_t i = 0; i < kChecks; ++i)
      check[i] = static_cast<std::byte>(static_cast<Element>(rest >> (kTop - 8 * int(i))));
  }
  static bool intact(const std::byte* word) {
    std::array<std::byte, kChecks> check;
    encode(word, check.data());
    return std::equal(check.begin(), check.end(), word + kData);
  }

  // The word as a polynomial at b^1, b^2 ...: all zero where nothing is wrong.
  static Syndromes syndromes_of(const std::byte* word) {
    Syndromes syndromes{};
    for (std::size_t i = 0; i < kWord; ++i)
      for (std::size_t k = 0; k < kChecks; ++k)
        syndromes[k] =
            kField.product(syndromes[k], kField.power[k + 1]) ^ std::to_integer<Element>(word[i]);
    return syndromes;
  }

  struct Locator {
    std::array<Element, kChecks + 1> terms{1};  // 1 + ...; its roots are the places, inverted
    std::size_t degree = 0;
  };

  // Berlekamp-Massey: the shortest recurrence that the syndromes obey.
  static Locator locator_of(const Syndromes& s) {
    Locator now;
    std::array<Element, kChecks + 1> before{1};
    Element last = 1;
    std::size_t gap = 1;
    for (std::size_t n = 0; n < kChecks; ++n, ++gap) {
      Element discrepancy = s[n];
      for (std::size_t i = 1; i <= now.degree; ++i)
        discrepancy ^= kField.product(now.terms[i], s[n - i]);
      if (discrepancy == 0) continue;
      const auto old = now.terms;
      const Element scale = kField.quotient(discrepancy, last);
      for (std::size_t i = gap; i <= kChecks; ++i)
        now.terms[i] ^= kField.product(scale, before[i - gap]);
      if (2 * now.degree > n) continue;
      now.degree = n + 1 - now.degree;
      before = old;
      last = discrepancy;
      gap = 0;
    }
    return now;
  }

  // Forney: what to add at the place whose inverse is `root`.
  static Element error_at(const Syndromes& s, const Locator& locator, Element root) {
    Element numerator = 0, derivative = 0, power = 1;
    for (std::size_t i = 0; i < kChecks; ++i) {
      Element term = 0;
      for (std::size_t k = 0; k <= i; ++k) term ^= kField.product(locator.terms[k], s[i - k]);
      numerator ^= kField.product(term, power);
      if (i % 2 == 0) derivative ^= kField.product(locator.terms[i + 1], power);
      power = kField.product(power, root);
    }
    return derivative == 0 ? Element{0} : kField.quotient(numerator, derivative);
  }

  static std::optional<unsigned> correct(std::byte* word) {
    if (intact(word)) return 0u;
    const Syndromes s = syndromes_of(word);
    const Locator locator = locator_of(s);
    if (locator.degree == 0 || locator.degree > kChecks / 2) return {};
    std::array<std::byte, kWord> mended;
    std::copy_n(word, kWord, mended.begin());
    unsigned found = 0;
    for (std::size_t exponent = 0; exponent < kWord; ++exponent) {  // Chien: every place
      const Element root = kField.power[kWord - exponent];
      Element value = 0;
      for (std::size_t i = locator.degree + 1; i-- > 0;)
        value = kField.product(value, root) ^ locator.terms[i];
      if (value != 0) continue;
      mended[kWord - 1 - exponent] ^= std::byte{error_at(s, locator, root)};
      ++found;
    }
    if (found != locator.degree || !intact(mended.data())) return {};
    std::copy_n(mended.begin(), kWord, word);
    return found;
  }
};

using DataPages = Codec<0x11D, 4>;
using SystemPages = Codec<0x169, 16>;

}  // namespace

void encode(Code code, Bytes data, std::span<std::byte> check) {
  if (data.size() < data_bytes(code) || check.size() < check_bytes(code)) return;
  if (code == Code::data_page)
    DataPages::encode(data.data(), check.data());
  else
    SystemPages::encode(data.data(), check.data());
}

bool intact(Code code, std::span<const std::byte, kWord> word) {
  return code == Code::data_page ? DataPages::intact(word.data())
                                 : SystemPages::intact(word.data());
}

std::optional<unsigned> correct(Code code, Word word) {
  return code == Code::data_page ? DataPages::correct(word.data())
                                 : SystemPages::correct(word.data());
}

void gather(Code code, Bytes page, std::size_t words, std::span<std::byte> out) {
  const std::size_t data = data_bytes(code);
  if (page.size() < words * kWord || out.size() < words * data) return;
  std::size_t i = 0;
  for (; words - i >= 8; i += 8) {  // eight words at a time: their bytes stand side by side
    std::byte* const to = out.data() + i * data;
    for (std::size_t j = 0; j < data; ++j) {
      const std::byte* const from = page.data() + j * words + i;
      for (std::size_t k = 0; k < 8; ++k) to[k * data + j] = from[k];
    }
  }
  for (; i < words; ++i)
    for (std::size_t j = 0; j < data; ++j) out[i * data + j] = page[j * words + i];
}

Repair gather_corrected(Code code, Bytes page, std::size_t words, std::span<std::byte> out) {
  const std::size_t data = data_bytes(code);
  Repair repair;
  if (page.size() < words * kWord || out.size() < words * data) return repair;
  std::array<std::byte, kWord> word;
  for (std::size_t i = 0; i < words; ++i) {
    for (std::size_t j = 0; j < kWord; ++j) word[j] = page[j * words + i];
    const auto mended = correct(code, word);
    repair += {mended.value_or(0), mended ? 0u : 1u};
    std::copy_n(word.begin(), data, out.begin() + static_cast<std::ptrdiff_t>(i * data));
  }
  return repair;
}

Repair correct_plain(Code code, Bytes page, Bytes padding, std::span<std::byte> out) {
  const std::size_t data = data_bytes(code), checks = check_bytes(code), size = out.size();
  Repair repair;
  if (page.size() < size + words_for(code, size) * checks) return repair;
  std::copy_n(page.begin(), size, out.begin());
  std::array<std::byte, kWord> word;
  for (std::size_t i = 0; i * data < size; ++i) {
    const Bytes bytes = page.subspan(i * data, std::min(data, size - i * data));
    const Bytes fill = slice(padding, 0, data - bytes.size());
    const auto end = std::copy(bytes.begin(), bytes.end(), word.begin());
    std::fill(std::copy(fill.begin(), fill.end(), end), word.end(), std::byte{0});
    std::copy_n(page.begin() + static_cast<std::ptrdiff_t>(size + i * checks), checks,
                word.begin() + static_cast<std::ptrdiff_t>(data));
    const auto mended = correct(code, word);
    // Padding is never wrong: where it was "mended", the word was beyond it.
    if (!mended || !std::equal(fill.begin(), fill.end(), end)) {
      ++repair.lost_words;
      continue;
    }
    repair.bytes += *mended;
    std::copy_n(word.begin(), bytes.size(), out.begin() + static_cast<std::ptrdiff_t>(i * data));
  }
  return repair;
}

}  // namespace cad::dwg::rs
