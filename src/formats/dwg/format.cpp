// SPDX-License-Identifier: Apache-2.0
// The stages in their order: container, classes, object map, tables, objects, entities, links.
#include "formats/dwg/format.hpp"

#include <unordered_set>

#include "formats/dwg/code_pages.hpp"
#include "formats/dwg/object_scan.hpp"
#include "formats/dwg/reader.hpp"

namespace cad::dwg {
namespace {

constexpr std::uint32_t kDataEncrypted = 1;

Result<FileHead> read_head(Bytes file) {
  const auto version = version_of(file);
  if (!version) {
    const std::string_view code(reinterpret_cast<const char*>(file.data()),
                                std::min<std::size_t>(file.size(), 6));
    return fail(ErrorCode::unsupported_version,
                "This DWG drawing is of release " + std::string(code.substr(0, code.find('\0'))) +
                    "; readable are R13 to 2018 (AC1012 to AC1032). Open it in a CAD program and "
                    "save it as DWG 2000 or DXF.");
  }
  FileHead head;
  head.version = *version;
  head.maintenance = u8(file, 0x0B);
  head.preview_address = u32(file, 0x0D);
  head.code_page_index = u16(file, 0x13);
  if (*version >= Version::r2004) head.security_flags = u32(file, 0x18);
  if ((head.security_flags & kDataEncrypted) != 0)
    return fail(ErrorCode::encrypted_drawing,
                "This drawing is protected by a password. Open it in the program that made it, "
                "remove the password and save it again.");
  return head;
}

// By the object map; what a damaged map lost is looked for in the objects themselves.
std::vector<ObjectPlace> find_objects(const Sections& sections, Version version,
                                      Diagnostics& diagnostics) {
  const Bytes objects = sections[SectionId::objects];
  ObjectMap map = read_object_map(sections[SectionId::object_map], objects.size(), diagnostics);
  if (!map.damaged) return std::move(map.places);
  const std::size_t listed = map.places.size();
  std::unordered_set<Handle> known;
  for (const ObjectPlace& place : map.places) known.insert(place.handle);
  for (const ObjectPlace& place : scan_objects(objects, version))
    if (known.insert(place.handle).second) map.places.push_back(place);
  if (map.places.size() > listed)
    diagnostics.warn("DWG_OBJECTS_RECOVERED", "AcDb:Handles",
                     "The object map is damaged; objects that it lost were found by searching.", {},
                     map.places.size() - listed);
  return std::move(map.places);
}

Result<Drawing> read_all(Bytes file, const ReadContext& context, Audit* audit) {
  CAD_ASSIGN(const FileHead head, read_head(file));
  CAD_ASSIGN(const Sections sections,
             open_sections(file, head, {context.limits, context.diagnostics}));
  Loader loader(head, sections, context);
  loader.set_audit(audit);
  Drawing& drawing = loader.drawing();
  drawing.version = code_of(head.version);
  drawing.codepage = code_page_name(head.code_page_index);
  loader.index_objects(
      find_objects(sections, head.version, context.diagnostics),
      read_classes(sections[SectionId::classes], head, loader.encoding(), context.diagnostics));
  if (loader.slots().empty())
    return fail(ErrorCode::damaged_drawing,
                "The drawing is damaged: none of its objects could be found. Open it in a CAD "
                "program with RECOVER and save it again.");
  const Census census = read_indexed(loader);
  if (audit != nullptr) audit->census = census;
  return std::move(drawing);
}

}  // namespace

// "AC" with the release number: AC1032, and the oldest AC1.2, AC2.10.
Confidence sniff(Bytes head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  if (text.size() < 12) return Confidence::no;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.starts_with("AC10") && digit(text[4]) && digit(text[5]) &&
      static_cast<unsigned char>(text[6]) < 0x20)
    return Confidence::sure;
  const bool ancient =
      text.starts_with("AC1.") || text.starts_with("AC2.") || text.starts_with("MC0.0");
  return ancient && text.substr(0, 12).find('\0') != std::string_view::npos ? Confidence::sure
                                                                            : Confidence::no;
}

Result<void> admit(Bytes head) {
  CAD_TRY(read_head(head));
  return {};
}

Result<Drawing> read(Bytes file, const ReadContext& context) {
  return read_all(file, context, nullptr);
}

Result<Drawing> read(Bytes file, const ReadContext& context, Audit& audit) {
  return read_all(file, context, &audit);
}

}  // namespace cad::dwg
