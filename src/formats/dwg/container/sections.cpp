// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/sections.hpp"

namespace cad::dwg {

std::string_view name_of(SectionId id) {
  switch (id) {
    case SectionId::header: return "AcDb:Header";
    case SectionId::classes: return "AcDb:Classes";
    case SectionId::object_map: return "AcDb:Handles";
    case SectionId::objects: return "AcDb:AcDbObjects";
    case SectionId::measurement: return "AcDb:Template";
    case SectionId::summary_info: return "AcDb:SummaryInfo";
    case SectionId::preview: return "AcDb:Preview";
    case SectionId::app_info: return "AcDb:AppInfo";
    case SectionId::data_storage: return "AcDb:AcDsPrototype_1b";
    case SectionId::count_: break;
  }
  return {};
}

SectionId id_of(std::string_view name) {
  constexpr auto kCount = static_cast<unsigned>(SectionId::count_);
  for (unsigned i = 0; i < kCount; ++i)
    if (name_of(static_cast<SectionId>(i)) == name) return static_cast<SectionId>(i);
  return SectionId::count_;
}

Result<Sections> open_sections(Bytes file, const FileHead& head, const ContainerContext& context) {
  switch (head.version) {
    case Version::r13:
    case Version::r14:
    case Version::r2000: return open_r13(file, head, context);
    case Version::r2007: return open_r2007(file, head, context);
    case Version::r2004:
    case Version::r2010:
    case Version::r2013:
    case Version::r2018: return open_r2004(file, head, context);
  }
  return fail(ErrorCode::internal, "An unknown release of DWG was asked for.");
}

}  // namespace cad::dwg
