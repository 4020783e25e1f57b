// SPDX-License-Identifier: Apache-2.0
// All object decoders and what follows them, from objects without a container. Every object has to
// be accounted for, and every reference of the drawing to lead somewhere.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "formats/dwg/reader.hpp"
#include "formats/dwg/testing/object_stream.hpp"

namespace {

using namespace cad;

void require(bool condition) {
  if (!condition) std::abort();
}

template <class Tag>
void require_id(Id<Tag> id, std::size_t count) {
  require(!id.valid() || id.index < count);
}

std::uint64_t check_entities(const Drawing& d, const std::vector<Entity>& entities) {
  std::uint64_t count = entities.size();
  for (const Entity& entity : entities) {
    require(entity.layer.valid() && entity.layer.index < d.layers.size());
    require(entity.linetype == kByBlockLinetype || !entity.linetype.valid() ||
            entity.linetype.index < d.linetypes.size());
    require_id(entity.extra, d.extras.size());
    if (const auto* insert = std::get_if<Indirect<Insert>>(&entity.geometry)) {
      require_id((*insert)->block, d.blocks.size());
      count += check_entities(d, (*insert)->attributes);
    } else if (const auto* line = std::get_if<Line>(&entity.geometry)) {
      require(std::isfinite(line->start.x + line->end.z));
    } else if (const auto* text = std::get_if<Text>(&entity.geometry)) {
      require_id(text->style, d.text_styles.size());
    } else if (const auto* dimension = std::get_if<Indirect<Dimension>>(&entity.geometry)) {
      require_id((*dimension)->block, d.blocks.size());
      require_id((*dimension)->style, d.dim_styles.size());
    }
  }
  return count;
}

constexpr std::string_view kClasses[] = {"ACAD_TABLE",
                                         "ARC_DIMENSION",
                                         "DGNUNDERLAY",
                                         "EXTRUDEDSURFACE",
                                         "HELIX",
                                         "IMAGE",
                                         "LIGHT",
                                         "MESH",
                                         "MPOLYGON",
                                         "MULTILEADER",
                                         "PDFUNDERLAY",
                                         "WIPEOUT",
                                         "SURFACE",
                                         "DBCOLOR",
                                         "IMAGEDEF",
                                         "MLEADERSTYLE",
                                         "PDFDEFINITION",
                                         "SORTENTSTABLE",
                                         "TABLESTYLE",
                                         "ACDBDICTIONARYWDFLT",
                                         "HATCH",
                                         "LWPOLYLINE",
                                         "LAYOUT",
                                         "XRECORD",
                                         "LARGE_RADIAL_DIMENSION",
                                         "AEC_WALL",
                                         "NURBSURFACE",
                                         "TABLECONTENT",
                                         "DICTIONARYVAR",
                                         "ACDB_BLOCKREPRESENTATION_DATA",
                                         "GEODATA",
                                         "SPATIAL_FILTER",
                                         "SWEPTSURFACE",
                                         "LOFTEDSURFACE",
                                         "REVOLVEDSURFACE",
                                         "PLANESURFACE",
                                         "SECTIONOBJECT",
                                         "GEOPOSITIONMARKER"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 100'000) return 0;
  Limits limits;
  limits.max_entities = 500;
  limits.max_block_entities = 500;
  limits.max_table_records = 200;
  limits.max_string_bytes = 4096;
  limits.max_vertices_per_entity = 1000;
  limits.max_total_vertices = 5000;
  limits.max_xdata_bytes = 50'000;
  Diagnostics diagnostics(100);
  const ReadContext context{limits, diagnostics};
  dwg::testing::ObjectStream stream = dwg::testing::frame_objects({data, size});
  dwg::FileHead head;
  head.version = stream.version;
  head.code_page_index = 30;
  dwg::Sections sections;
  sections.set_owned(dwg::SectionId::objects, std::move(stream.section));
  dwg::Loader loader(head, sections, context);
  std::vector<dwg::ObjectPlace> places;
  for (const std::uint64_t offset : stream.offsets)
    places.push_back(
        {dwg::ObjectIn(loader, sections[dwg::SectionId::objects], offset).self(), offset});
  loader.index_objects(std::move(places), dwg::testing::classes_of(kClasses));
  const dwg::Census census = dwg::read_indexed(loader);
  const Drawing& drawing = loader.drawing();
  require(census.balanced());
  require(!drawing.layouts.empty() && drawing.layouts[0].is_model);
  for (const Layout& layout : drawing.layouts)
    require(layout.block.valid() && layout.block.index < drawing.blocks.size());
  std::uint64_t entities = 0;
  for (const Block& block : drawing.blocks) entities += check_entities(drawing, block.entities);
  require(entities == census.entities);
  return 0;
}
