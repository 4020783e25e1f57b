// SPDX-License-Identifier: Apache-2.0
// Values of many types (ODA 20.4.99).
#include "formats/dwg/table_value.hpp"

#include "formats/dwg/loader.hpp"

namespace cad::dwg {
namespace {

enum Type : std::uint32_t {
  kUnknown = 0,
  kLong = 1,
  kDouble = 2,
  kString = 4,
  kDate = 8,
  kPoint = 16,
  kPoint3 = 32,
  kObject = 64,
  kGeneral = 512
};
constexpr std::uint32_t kEmpty = 1;

std::uint64_t read_size(ObjectIn& in) { return in.count(in.ubl(), 8); }

// Strings of values stand in the data in every version.
std::string read_string(ObjectIn& in) {
  const std::uint64_t size = read_size(in);
  std::string text;
  if (in.from(Version::r2007)) {
    text = in.loader().decode_unicode(read_utf16(in, size / 2));
    in.skip(size % 2 * 8);
  } else {
    std::string raw(size, '\0');
    in.raw(raw.data(), raw.size());
    text = in.loader().decode(raw);
  }
  text.resize(text.find_last_not_of('\0') + 1);
  return text;
}

std::string read_content(ObjectIn& in, std::uint32_t type) {
  switch (type) {
    case kUnknown:
    case kLong: in.bl(); break;
    case kDouble: in.bd(); break;
    case kString:
    case kGeneral: return read_string(in);
    case kDate:
    case kPoint:
    case kPoint3: in.skip(read_size(in) * 8); break;
    case kObject: in.handle(); break;
    default: in.fail(); break;  // buffers: how they are stored is not known
  }
  return {};
}

}  // namespace

std::string read_value(ObjectIn& in) {
  const std::uint32_t flags = in.from(Version::r2007) ? in.ubl() : 0;
  const std::uint32_t type = in.ubl();
  std::string text;
  if ((flags & kEmpty) == 0) text = read_content(in, type);
  if (!in.from(Version::r2007)) return text;
  in.bl();    // unit
  in.text();  // format
  std::string shown = in.text();
  return shown.empty() ? text : shown;
}

}  // namespace cad::dwg
