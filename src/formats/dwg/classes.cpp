// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/classes.hpp"

#include <algorithm>

#include "formats/dwg/section_frame.hpp"

namespace cad::dwg {
namespace {

constexpr std::size_t kMostClasses = 10'000;

class ClassReader {
 public:
  ClassReader(SectionFrame& frame, Version version, const CadText& encoding)
      : in_(frame.data), strings_(frame.strings), version_(version), encoding_(encoding) {}
  ClassInfo read();

 private:
  std::string text() {
    CadTextIssues issues;
    std::string raw;
    if (version_ >= Version::r2007) {
      raw = read_utf16(strings_, strings_.ubs());
    } else {
      raw.resize(in_.count(in_.ubs(), 8));
      in_.raw(raw.data(), raw.size());
      raw = decode_cad_text(raw, encoding_, issues);
    }
    raw.resize(std::min(raw.find('\0'), raw.size()));
    return raw;
  }
  BitCursor& in_;
  BitCursor& strings_;
  Version version_;
  const CadText& encoding_;
};

ClassInfo ClassReader::read() {
  ClassInfo info;
  info.number = in_.ubs();
  info.proxy_flags = in_.ubs();
  info.app_name = text();
  info.class_name = text();
  info.dxf_name = text();
  info.was_proxy = in_.b();
  info.is_entity = in_.ubs() == 0x1F2;
  if (version_ >= Version::r2004) {
    in_.bl();  // count of objects
    in_.bl();  // version
    in_.bl();  // maintenance version
    in_.bl();
    in_.bl();
  }
  return info;
}

}  // namespace

std::vector<ClassInfo> read_classes(Bytes section, const FileHead& head, const CadText& encoding,
                                    Diagnostics& diagnostics) {
  std::vector<ClassInfo> classes;
  if (section.empty()) return classes;
  auto frame =
      open_section_frame(section, kClassesSentinel, head, name_of(SectionId::classes), diagnostics);
  if (!frame) return classes;
  if (head.version >= Version::r2004) {
    frame->data.bs();  // highest number
    frame->data.rc();
    frame->data.rc();
    frame->data.b();
  }
  ClassReader reader(*frame, head.version, encoding);
  // The least class: two numbers, three strings, a bit and a number.
  while (frame->data.bits_left() >= 20 && classes.size() < kMostClasses) {
    ClassInfo info = reader.read();
    if (!frame->data.ok() || !frame->strings.ok()) {
      if (info.number != 0)
        diagnostics.warn("DWG_CLASSES", name_of(SectionId::classes),
                         "The list of classes ends in the middle; objects of the others are "
                         "kept without their type.");
      break;
    }
    if (info.number >= 500) classes.push_back(std::move(info));
  }
  return classes;
}

}  // namespace cad::dwg
