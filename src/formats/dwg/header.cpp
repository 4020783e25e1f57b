// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/header.hpp"

#include "formats/dwg/header_variables.hpp"
#include "formats/dwg/summary_info.hpp"

namespace cad::dwg {
namespace {

// AcDb:Template (ODA chapter 22): a description, then MEASUREMENT. The description's length counts
// bytes, from 2007 on UTF-16 units.
std::int32_t read_measurement(Bytes section, Version version) {
  const std::size_t unit = version >= Version::r2007 ? 2 : 1;
  const std::size_t at = 2 + u16(section, 0) * unit;
  if (at + 2 > section.size()) return -1;
  const std::uint16_t value = u16(section, at);
  return value <= 1 ? value : -1;
}

}  // namespace

void read_header(Loader& loader) {
  Header& header = loader.drawing().header;
  const FileHead& head = loader.head();
  if (auto frame = open_section_frame(loader.sections()[SectionId::header], kHeaderSentinel, head,
                                      name_of(SectionId::header), loader.diagnostics())) {
    HeaderVariables variables = read_header_variables(*frame, head.version);
    if (!frame->data.ok())
      loader.warn("DWG_HEADER_TRUNCATED", name_of(SectionId::header),
                  "The drawing's settings end in the middle; those behind are taken as usual.");
    header = std::move(variables.header);
    if (const DimStyleId style = loader.dim_style(variables.dim_style); style.valid())
      header.dim_style_name = loader.drawing().at(style).name;
  }
  header.measurement = read_measurement(loader.sections()[SectionId::measurement], head.version);
}

void read_summary_info(Loader& loader) {
  const Bytes section = loader.sections()[SectionId::summary_info];
  if (section.empty()) return;
  SummaryInfo info = parse_summary_info(section, loader);
  Header& header = loader.drawing().header;
  header.title = std::move(info.title);
  header.author = std::move(info.author);
  header.comments = std::move(info.comments);
  header.last_saved_by = std::move(info.last_saved_by);
  if (info.truncated)
    loader.warn("DWG_SUMMARY_TRUNCATED", name_of(SectionId::summary_info),
                "The drawing's properties (title, author ...) end in the middle.");
}

}  // namespace cad::dwg
