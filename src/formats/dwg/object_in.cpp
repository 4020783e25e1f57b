// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/object_in.hpp"

#include "base/encoding.hpp"
#include "formats/dwg/loader.hpp"
#include "model/aci.hpp"

namespace cad::dwg {
namespace {

constexpr std::uint32_t kMostObjectBytes = 1u << 30;

}  // namespace

ObjectIn::ObjectIn(Loader& loader, Bytes section, std::uint64_t offset)
    : loader_(loader), version_(loader.version()) {
  BitCursor head(slice(section, offset, 16));
  const std::uint32_t size = head.ms();
  const std::uint64_t handle_bits = from(Version::r2010) ? head.umc() : 0;
  const std::uint64_t prefix = head.position() / 8;
  framed_ = slice(section, offset, prefix + size);
  const std::uint64_t total = static_cast<std::uint64_t>(framed_.size()) * 8;
  static_cast<BitCursor&>(*this) = BitCursor(framed_, prefix * 8, total);
  set_max_coordinate(loader.limits().max_coordinate);
  if (!head.ok() || size == 0 || size > kMostObjectBytes || framed_.size() < prefix + size) fail();
  start_ = position();
  type_ = object_type(version_);
  if (from(Version::r2010)) {
    if (handle_bits > total - start_) fail();
    self_ = h().value;
    place_streams(total - (handle_bits > total - start_ ? 0 : handle_bits));
  } else if (from(Version::r2000)) {
    const std::uint32_t data_bits = rl();
    self_ = h().value;
    set_handle_start(data_bits);
  } else {
    self_ = h().value;
  }
}

void ObjectIn::set_handle_start(std::uint64_t bits_from_start) {
  const std::uint64_t total = static_cast<std::uint64_t>(framed_.size()) * 8;
  if (bits_from_start > total - start_ || start_ + bits_from_start < position()) {
    fail();
    return;
  }
  place_streams(start_ + bits_from_start);
}

// The bit before the handles says whether there are strings; their size in bits stands before it,
// in one or two shorts, and they before that.
void ObjectIn::place_streams(std::uint64_t handle_start) {
  handles_ = BitCursor(framed_, handle_start, static_cast<std::uint64_t>(framed_.size()) * 8);
  set_end(handle_start);
  if (!from(Version::r2007) || handle_start < position() + 1) return;
  std::uint64_t end = handle_start - 1;
  const bool present = BitCursor(framed_, end, end + 1).b();
  set_end(end);
  if (!present) return;
  const auto size_before = [&]() -> std::uint64_t {
    if (end < position() + 16) {
      fail();
      return 0;
    }
    end -= 16;
    return BitCursor(framed_, end, end + 16).rs();
  };
  std::uint64_t size = size_before();
  if ((size & 0x8000) != 0) size = (size & 0x7fff) | size_before() << 15;
  if (size > end - position()) {
    fail();
    return;
  }
  strings_ = BitCursor(framed_, end - size, end);
  set_end(end - size);
}

void ObjectIn::read_eed() {
  for (std::uint16_t size = ubs(); size != 0 && ok(); size = ubs()) {
    EedBlock block;
    block.app = h().value;
    block.bit = position();
    block.bytes = size;
    skip(static_cast<std::uint64_t>(size) * 8);
    if (ok()) eed_.push_back(block);
  }
}

std::string read_utf16(BitCursor& in, std::size_t units) {
  std::string out;
  units = in.count(units, 16);
  out.reserve(units);
  for (std::size_t i = 0; i < units; ++i) {
    char32_t c = in.rs();
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
      continue;
    }
    if (c >= 0xD800 && c < 0xDC00 && i + 1 < units) {
      BitCursor ahead = in;
      const char32_t low = ahead.rs();
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        in = ahead;
        ++i;
      }
    }
    append_utf8(c, out);
  }
  return out;
}

std::string ObjectIn::text() {
  std::string raw;
  if (from(Version::r2007)) {
    const std::uint16_t units = strings_.ubs();
    raw = read_utf16(strings_, units);
    if (const auto zero = raw.find_last_not_of('\0'); zero + 1 < raw.size()) raw.resize(zero + 1);
    return loader_.decode_unicode(std::move(raw));
  }
  const std::size_t size = count(ubs(), 8);
  raw.resize(size);
  BitCursor::raw(raw.data(), size);
  if (const auto zero = raw.find_last_not_of('\0'); zero + 1 < raw.size()) raw.resize(zero + 1);
  return loader_.decode(raw);
}

Color color_of_index(std::int32_t index) {
  if (index == 0) return {Color::Kind::by_block, 7, {}};
  if (index >= 1 && index <= 255) return Color::aci(static_cast<std::uint8_t>(index));
  return {};
}

Color color_of_packed(std::uint32_t bits) {
  const auto byte = [bits](int shift) { return static_cast<std::uint8_t>(bits >> shift); };
  switch (bits >> 24) {
    case 0xC0: return {};
    case 0xC1: return {Color::Kind::by_block, 7, {}};
    case 0xC2: {
      const Rgb rgb{byte(16), byte(8), byte(0)};
      return {Color::Kind::rgb, nearest_aci(rgb), rgb};
    }
    case 0xC3: return color_of_index(static_cast<std::int32_t>(bits & 0xffff));
    default: return {};  // 0xC8: no color
  }
}

Color ObjectIn::color() { return from(Version::r2004) ? full_color() : color_of_index(bs()); }

Color ObjectIn::full_color() {
  bs();  // index
  const Color color = color_of_packed(ubl());
  const std::uint8_t names = rc();
  if ((names & 1) != 0) text();  // the color's name
  if ((names & 2) != 0) text();  // its book's
  return color;
}

bool ObjectIn::room_for_vertex(std::size_t have) {
  return loader_.room_for_vertex(have, type_name_);
}

std::size_t ObjectIn::vertex_count(std::uint64_t claimed, unsigned min_bits) {
  return loader_.room_for_vertices(count(claimed, min_bits), type_name_);
}

void ObjectIn::warn(std::string_view code, std::string_view message) {
  loader_.warn(code, type_name_, message, self_);
}

ObjectCommon begin_object(ObjectIn& in) {
  ObjectCommon common;
  in.read_eed();
  if (!in.from(Version::r2000)) in.set_handle_start(in.rl());
  const std::uint32_t reactors = in.ubl();
  const bool no_dictionary = in.from(Version::r2004) && in.b();
  if (in.from(Version::r2013)) common.has_data_store = in.b();
  common.owner = in.handle();
  const std::size_t believed = in.handles().count(reactors, 8);
  for (std::size_t i = 0; i < believed; ++i) common.reactors.push_back(in.handle());
  if (!no_dictionary) common.extension_dictionary = in.handle();
  return common;
}

}  // namespace cad::dwg
