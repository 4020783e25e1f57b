// SPDX-License-Identifier: Apache-2.0
// What stands beside the objects: header variables, classes, properties, measurement, object map
// and preview. The input is the version, the maintenance release, and the bytes of each section.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "formats/dwg/classes.hpp"
#include "formats/dwg/header.hpp"
#include "formats/dwg/object_map.hpp"
#include "formats/dwg/preview.hpp"
#include "formats/dwg/section_frame.hpp"

namespace {

using namespace cad;
using namespace cad::dwg;

constexpr std::uint64_t kObjectBytes = 1 << 20;

void require(bool condition) {
  if (!condition) std::abort();
}

// Sentinel and sizes that are right, so that the data is looked at.
std::vector<std::byte> framed(const Sentinel& sentinel, const FileHead& head, Bytes data) {
  std::vector<std::byte> out;
  for (const std::uint8_t byte : sentinel) out.push_back(static_cast<std::byte>(byte));
  const bool high =
      head.version >= Version::r2018 || (head.version >= Version::r2010 && head.maintenance > 3);
  for (unsigned i = 0; i < (high ? 8u : 4u); ++i)
    out.push_back(static_cast<std::byte>(i < 4 ? data.size() >> (8 * i) & 0xff : 0));
  out.insert(out.end(), data.begin(), data.end());
  out.resize(out.size() + 2);
  return out;
}

void check_date(const std::string& date) { require(date.empty() || date.size() == 24); }

void check_header(const Header& header) {
  for (const double value : {header.ltscale, header.celtscale, header.pdsize, header.dim_scale,
                             header.extmin.x, header.extmax.z})
    require(std::isfinite(value));
  check_date(header.created);
  check_date(header.modified);
  require(header.measurement >= -1 && header.measurement <= 1);
}

bool lies_in(Bytes part, Bytes whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 65536) return 0;
  FileHead head;
  head.version = static_cast<Version>(data[0] & 7);
  head.maintenance = data[1];
  head.code_page_index = 30;
  head.preview_address = data[1];
  const Bytes bytes = std::as_bytes(std::span(data + 2, size - 2));
  const Limits limits;
  Diagnostics diagnostics(20);
  const ReadContext context{limits, diagnostics};
  Sections sections;
  sections.set_owned(SectionId::header, framed(kHeaderSentinel, head, bytes));
  sections.set_owned(SectionId::classes, framed(kClassesSentinel, head, bytes));
  sections.set_view(SectionId::summary_info, bytes);
  sections.set_view(SectionId::measurement, bytes);
  sections.set_view(SectionId::preview, bytes);
  Loader loader(head, sections, context);
  read_header(loader);
  read_summary_info(loader);
  check_header(loader.drawing().header);
  for (const ClassInfo& info :
       read_classes(sections[SectionId::classes], head, loader.encoding(), diagnostics))
    require(info.number >= 500 && info.dxf_name.size() <= size * 3);
  for (const ObjectPlace& place : read_object_map(bytes, kObjectBytes, diagnostics).places)
    require(place.offset < kObjectBytes);
  if (const auto preview = embedded_preview(bytes, head, sections))
    require(!preview->data.empty() && lies_in(preview->data, bytes));
  return 0;
}
