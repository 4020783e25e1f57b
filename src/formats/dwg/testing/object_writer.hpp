// SPDX-License-Identifier: Apache-2.0
// One object of the objects section, assembled by hand in tests.
#pragma once

#include "formats/dwg/testing/bit_writer.hpp"

namespace cad::dwg::testing {

// The streams are filled separately and framed at the end (ODA 20.1). For R13 and R14 say where the
// size stands: object_size(), behind the extended data and graphics.
class ObjectWriter {
 public:
  explicit ObjectWriter(Version version) : version_(version) {}

  BitWriter data, strings, handles;

  Version version() const { return version_; }
  bool from(Version v) const { return version_ >= v; }
  // TV as the version has it: `bytes` of the code page before 2007, `units` later.
  ObjectWriter& text(std::string_view bytes, std::u16string_view units) {
    if (from(Version::r2007)) {
      strings.tu(units);
    } else {
      data.t8(bytes);
    }
    return *this;
  }
  // Writes the size's place before 2000, nothing later.
  ObjectWriter& object_size() {
    if (from(Version::r2000)) return *this;
    size_at_ = data.position();
    data.rl(0);
    return *this;
  }
  // What an entity of the model space has before its own data, all by default; the layer given.
  ObjectWriter& entity_common(std::uint64_t layer) {
    data.bs(0).b(false);  // no extended data, no graphics
    object_size();
    data.bb(2).bl(0);
    if (from(Version::r2004)) data.b(true);  // no dictionary
    if (from(Version::r2013)) data.b(false);
    if (!from(Version::r2000)) data.b(true);  // linetype by layer
    if (!from(Version::r2004)) data.b(true);  // no links
    data.bs(256).bd(1);
    if (!from(Version::r2004)) handles.h(3, 0);  // dictionary
    handles.h(5, layer);
    if (from(Version::r2000)) data.bb(0).bb(0);
    if (from(Version::r2007)) data.bb(0).rc(0);
    if (from(Version::r2010)) data.bits(0, 3);
    data.bs(0);
    if (from(Version::r2000)) data.rc(29);
    return *this;
  }
  // Size fields and streams, without the checksum.
  std::vector<std::byte> frame(std::uint16_t type, std::uint64_t handle) const {
    BitWriter body;
    body.object_type(type, version_);
    const std::uint64_t rl_at = body.position();
    if (version_ == Version::r2000 || version_ == Version::r2004 || version_ == Version::r2007)
      body.rl(0);
    body.h(0, handle);
    const std::uint64_t data_at = body.position();
    body.append(data);
    if (from(Version::r2007)) append_strings(body);
    const std::uint64_t handles_at = body.position();
    BitWriter size;
    size.rl(handles_at);
    if (!from(Version::r2000)) {
      if (size_at_ + 32 <= data.position()) body.overwrite(data_at + size_at_, size);
    } else if (!from(Version::r2010)) {
      body.overwrite(rl_at, size);
    }
    body.append(handles).pad_to_byte();
    BitWriter out;
    out.ms(static_cast<std::uint32_t>(body.bytes().size()));
    if (from(Version::r2010)) out.umc(body.position() - handles_at);
    return out.append(body).bytes();
  }

 private:
  void append_strings(BitWriter& body) const {
    const std::uint64_t size = strings.position();
    if (size != 0) {
      body.append(strings);
      if (size < 0x8000) {
        body.rs(size);
      } else {
        body.rs(size >> 15).rs(0x8000 | (size & 0x7fff));
      }
    }
    body.b(size != 0);
  }

  Version version_;
  std::uint64_t size_at_ = ~std::uint64_t{0} - 64;
};

}  // namespace cad::dwg::testing
