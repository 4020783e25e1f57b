// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/attributes.hpp"

#include "formats/dwg/mtext.hpp"
#include "formats/dwg/text.hpp"

namespace cad::dwg {
namespace {

constexpr unsigned kSingleLine = 1;

// An MTEXT inside the attribute, with the common data of an entity, and what is known of its
// scales.
void read_multi_line(EntityIn& in, Attribute& a) {
  in.skip_embedded_head();
  a.has_mtext = true;
  a.mtext = read_mtext_fields(in).text;
  const std::uint16_t annotative_bytes = in.ubs();
  if (annotative_bytes == 0) return;
  in.skip(std::uint64_t{annotative_bytes} * 8);
  in.handle();  // registered application
  in.bs();
}

Attribute read_attribute(EntityIn& in) {
  Attribute a;
  a.text = read_text_fields(in);
  if (in.from(Version::r2010)) in.rc();  // version
  if (in.from(Version::r2018) && in.rc() > kSingleLine) read_multi_line(in, a);
  a.tag = in.text();
  a.field_length = in.ubs();
  a.flags = in.rc();
  if (in.from(Version::r2007)) a.lock_position = in.b();
  return a;
}

}  // namespace

Geometry read_attrib(EntityIn& in) { return Indirect<Attribute>(read_attribute(in)); }

Geometry read_attdef(EntityIn& in) {
  Attribute a = read_attribute(in);
  a.is_definition = true;
  if (in.from(Version::r2010)) in.rc();  // version
  a.prompt = in.text();
  return Indirect<Attribute>(std::move(a));
}

}  // namespace cad::dwg
