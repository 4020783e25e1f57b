// SPDX-License-Identifier: Apache-2.0
// ODA 5.10 backwards: greedy, with every form of copy.
#include <algorithm>
#include <array>

#include "formats/dwg/container/lz77_r2007.hpp"
#include "formats/dwg/testing/container_writer_r2007.hpp"

namespace cad::dwg::testing {
namespace {

using Buffer = std::vector<std::byte>;

// Where each byte of a literal stands in the file: a literal of numbers, unpacked, tells.
std::vector<std::size_t> shuffle_of(std::size_t length) {
  Buffer packed, unpacked;
  for (const std::size_t b : {std::size_t{0x20}, std::size_t{0}, std::size_t{0}, length})
    packed.push_back(static_cast<std::byte>(b));
  if (length >= 8) packed.assign(1, static_cast<std::byte>(length < 23 ? length - 8 : 0x0F));
  if (length >= 23) packed.push_back(static_cast<std::byte>(length - 23));
  for (std::size_t i = 0; i < length; ++i) packed.push_back(static_cast<std::byte>(i));
  decompress_r2007(packed, length, unpacked);
  std::vector<std::size_t> places;
  for (const std::byte b : unpacked) places.push_back(std::to_integer<std::size_t>(b));
  return places;
}

class Compressor {
 public:
  explicit Compressor(Bytes in) : in_(in) { heads_.fill(in.size()); }

  Buffer run() {
    std::size_t literal = 0;
    for (std::size_t at = 0; at < in_.size();) {
      const auto [distance, length] = at == 0 ? Match{} : find(at);
      if (length < 3) {
        remember(at++);
        continue;
      }
      flush_literal(in_.subspan(literal, at - literal));
      copy(distance, length);
      for (const std::size_t end = at + length; at < end;) remember(at++);
      literal = at;
    }
    flush_literal(in_.subspan(literal));
    return std::move(out_);
  }

 private:
  struct Match {
    std::size_t distance = 0, length = 0;
  };

  std::size_t& head(std::size_t at) { return heads_[u32(in_, at) * 2654435761u >> 20]; }
  void remember(std::size_t at) {
    if (in_.size() - at >= 4) head(at) = at;
  }
  Match find(std::size_t at) {
    if (in_.size() - at < 4 || head(at) >= at) return {};
    const std::size_t distance = at - head(at);
    std::size_t length = 0;
    while (at + length < in_.size() && in_[at + length] == in_[at + length - distance] &&
           length < 0x100FF)
      ++length;
    return distance > 0xFFFF ? Match{} : Match{distance, length};
  }

  void byte(std::size_t value) { out_.push_back(static_cast<std::byte>(value & 0xFF)); }

  // Tells the length, in the low bits of the copy before where it can.
  void announce(std::size_t length) {
    if (length < 8) {
      if (out_.empty())
        for (const std::size_t b : {std::size_t{0x20}, std::size_t{0}, std::size_t{0}, length})
          byte(b);
      else
        out_.back() |= static_cast<std::byte>(length);
      return;
    }
    byte(std::min<std::size_t>(length - 8, 15));
    if (length < 23) return;
    length -= 23;
    byte(std::min<std::size_t>(length, 0xFF));
    if (length < 0xFF) return;
    length -= 0xFF;
    for (; length >= 0xFFFF; length -= 0xFFFF) out_.insert(out_.end(), 2, std::byte{0xFF});
    byte(length);
    byte(length >> 8);
  }
  void flush_literal(Bytes bytes) {
    after_literal_ = !bytes.empty();
    if (bytes.empty()) return;
    announce(bytes.size());
    while (!bytes.empty()) {
      const std::size_t length = std::min<std::size_t>(bytes.size(), 32);
      static const auto kShuffles = make_shuffles();
      const auto& places = kShuffles[length];
      const std::size_t start = out_.size();
      out_.resize(start + length);
      for (std::size_t i = 0; i < length; ++i) out_[start + places[i]] = bytes[i];
      bytes = bytes.subspan(length);
    }
  }

  void copy(std::size_t distance, std::size_t length) {
    const std::size_t d = distance - 1;
    if (length < 15 && d < 512) {
      byte(length << 4 | (d & 15));
      byte(d >> 4 << 3);
    } else if (length < 19 && d < 8192) {
      byte(0x10 | (length - 3));
      byte(d);
      byte(d >> 8 << 3);
    } else if (length >= 0x13 && length < 0x33 && d < 4096) {
      byte((after_literal_ ? 0 : 0xF0) | ((length - 0x13) & 15));
      byte(d);
      byte(d >> 8 << 3 | (length - 0x13) >> 4 << 7);
    } else if (length < 0x100) {
      byte(0x20 | (length & 7));
      byte(distance);
      byte(distance >> 8);
      byte(length & 0xF8);
    } else {
      const std::size_t l = length - 0x100;
      byte(0x28 | (l & 7));
      byte(d);
      byte(d >> 8);
      byte(l >> 3);
      byte(l >> 11 << 3);
    }
  }

  static std::array<std::vector<std::size_t>, 33> make_shuffles() {
    std::array<std::vector<std::size_t>, 33> shuffles;
    for (std::size_t length = 1; length < shuffles.size(); ++length)
      shuffles[length] = shuffle_of(length);
    return shuffles;
  }

  Bytes in_;
  Buffer out_;
  bool after_literal_ = false;
  std::array<std::size_t, 4096> heads_;
};

}  // namespace

std::vector<std::byte> compress_r2007(Bytes bytes) { return Compressor(bytes).run(); }

}  // namespace cad::dwg::testing
