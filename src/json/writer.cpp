// SPDX-License-Identifier: Apache-2.0
#include "json/writer.hpp"

#include <algorithm>

namespace cad::json {
namespace {

constexpr std::size_t kBufferBytes = 32u << 10;

bool needs_care(unsigned char c) { return c < 0x20 || c == '"' || c == '\\' || c >= 0x80; }

// True when one of 8 bytes is a control character, a quote, a backslash or not ASCII.
bool word_needs_care(const char* p) {
  std::uint64_t w;
  std::memcpy(&w, p, 8);
  constexpr std::uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
  const auto has_zero = [&](std::uint64_t v) { return (v - ones) & ~v & highs; };
  const std::uint64_t control = (w - ones * 0x20) & ~w & highs;
  return ((w & highs) | control | has_zero(w ^ ones * '"') | has_zero(w ^ ones * '\\')) != 0;
}

std::size_t clean_prefix(std::string_view s) {
  std::size_t i = 0;
  while (i + 8 <= s.size() && !word_needs_care(s.data() + i)) i += 8;
  while (i < s.size() && !needs_care(static_cast<unsigned char>(s[i]))) ++i;
  return i;
}

struct Sequence {
  std::size_t bytes = 1;  // of the sequence, or of its well-formed beginning
  bool valid = false;
};

// Unicode 15, table 3-7 (well-formed UTF-8) and its "maximal subpart" practice for the rest.
Sequence utf8_sequence(std::string_view s) {
  const auto lead = static_cast<unsigned char>(s[0]);
  std::size_t needed = 0;
  unsigned low = 0x80, high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF)
    needed = 1;
  else if (lead >= 0xE0 && lead <= 0xEF)
    needed = 2;
  else if (lead >= 0xF0 && lead <= 0xF4)
    needed = 3;
  else
    return {};
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;  // surrogates
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  for (std::size_t i = 1; i <= needed; ++i) {
    if (i >= s.size()) return {i, false};
    const auto c = static_cast<unsigned char>(s[i]);
    if (c < low || c > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {needed + 1, true};
}

}  // namespace

void Writer::text(std::string_view value) {
  char* out = room(2);
  if (comma_) *out++ = ',';
  *out++ = '"';
  end_ = out;
  while (!value.empty()) {
    const std::size_t clean = clean_prefix(value);
    end_ = copy(room(clean), value.substr(0, clean));
    value.remove_prefix(clean);
    if (!value.empty()) value.remove_prefix(write_special(value));
  }
  *room(1) = '"';
  ++end_;
  comma_ = true;
}

// Writes what stands at the front of `rest` and needs care; returns how many bytes that was.
std::size_t Writer::write_special(std::string_view rest) {
  char* out = room(6);
  const auto c = static_cast<unsigned char>(rest[0]);
  if (c >= 0x80) {
    const Sequence sequence = utf8_sequence(rest);
    end_ = copy(out, sequence.valid ? rest.substr(0, sequence.bytes) : "\xEF\xBF\xBD");
    return sequence.bytes;
  }
  *out++ = '\\';
  switch (c) {
    case '"': *out++ = '"'; break;
    case '\\': *out++ = '\\'; break;
    case '\n': *out++ = 'n'; break;
    case '\r': *out++ = 'r'; break;
    case '\t': *out++ = 't'; break;
    default:
      out = copy(out, "u00");
      *out++ = "0123456789abcdef"[c >> 4];
      *out++ = "0123456789abcdef"[c & 15];
  }
  end_ = out;
  return 1;
}

void Writer::make_room(std::size_t bytes) {
  if (sink_ != nullptr) drain();
  if (static_cast<std::size_t>(limit_ - end_) >= bytes) return;
  const std::size_t used = size();
  const auto capacity = static_cast<std::size_t>(limit_ - buffer_.get());
  const std::size_t least = sink_ != nullptr ? kBufferBytes : 256;
  const std::size_t wanted = std::max({least, used + bytes, sink_ != nullptr ? 0 : capacity * 2});
  std::unique_ptr<char[]> larger(new char[wanted]);
  if (used != 0) std::memcpy(larger.get(), buffer_.get(), used);
  buffer_ = std::move(larger);
  end_ = buffer_.get() + used;
  limit_ = buffer_.get() + wanted;
}

void Writer::drain() {
  if (size() == 0) return;
  if (!error_) {
    auto written = sink_->write(kind_, 0, std::as_bytes(std::span(buffer_.get(), size())));
    if (!written) error_ = std::move(written.error());
  }
  drained_ += size();
  end_ = buffer_.get();
}

Result<void> Writer::finish() {
  if (sink_ != nullptr) drain();
  if (error_) return tl::unexpected<Error>(*error_);
  return {};
}

void write_point(Writer& w, Vec3 p) {
  w.begin_object();
  w.field("x", p.x);
  w.field("y", p.y);
  if (p.z != 0) w.field("z", p.z);
  w.end_object();
}

}  // namespace cad::json
