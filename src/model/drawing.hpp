// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "model/entity.hpp"
#include "model/tables.hpp"

namespace cad {

enum class FormatId : std::uint8_t { dxf, dwg, dwf, dwfx, dgn, pdf };
std::string_view to_string(FormatId format);  // "DXF"

enum class Units : std::uint8_t { unknown, mm, cm, m, inch, feet };
std::string_view to_string(Units units);

// Header variables that readers, scene and result use. Times are as the file has them (local or
// universal Julian dates turned to ISO 8601); empty = not in the file.
struct Header {
  std::int32_t insunits = 0;
  std::int32_t measurement = -1;  // -1 = not in the file; 0 English, 1 metric
  double ltscale = 1;
  double celtscale = 1;
  bool psltscale = true;
  bool fill_mode = true;
  bool lineweight_display = false;
  bool mirror_text = false;
  std::int32_t pdmode = 0;
  double pdsize = 0;
  Vec3 extmin, extmax;
  bool has_extents = false;
  double dim_scale = 1;
  std::string dim_style_name;
  std::string created;  // "2014-03-01T10:00:00.000Z"
  std::string modified;
  std::string title, author, comments, last_saved_by;
};

struct Drawing {
  FormatId format = FormatId::dxf;
  std::string version;   // "AC1032", or the format's own
  std::string codepage;  // "ANSI_1252", "UTF-8" ...
  Header header;
  Units units = Units::unknown;

  std::vector<Layer> layers;
  std::vector<Linetype> linetypes;
  std::vector<TextStyle> text_styles;
  std::vector<DimStyle> dim_styles;
  std::vector<MLineStyle> mline_styles;
  std::vector<Block> blocks;    // includes *Model_Space and the paper spaces
  std::vector<Layout> layouts;  // model space first, then by tab order
  std::vector<ImageDef> image_defs;
  std::vector<UnderlayDef> underlay_defs;
  std::vector<Extra> extras;
  // The places of the layer and linetype tables as proxy graphics count them, with gaps where a
  // record was erased. Empty: as above.
  std::vector<LayerId> layer_places;
  std::vector<LinetypeId> linetype_places;

  std::size_t vertices = 0;  // of all entities together: polylines, splines, hatches ... as read
  bool truncated = false;    // Limits::max_entities was reached; the first ones are here

  Layer& at(LayerId id) { return layers[id.index]; }
  const Layer& at(LayerId id) const { return layers[id.index]; }
  const Linetype& at(LinetypeId id) const { return linetypes[id.index]; }
  const TextStyle& at(TextStyleId id) const { return text_styles[id.index]; }
  const DimStyle& at(DimStyleId id) const { return dim_styles[id.index]; }
  const MLineStyle& at(MLineStyleId id) const { return mline_styles[id.index]; }
  Block& at(BlockId id) { return blocks[id.index]; }
  const Block& at(BlockId id) const { return blocks[id.index]; }
  const ImageDef& at(ImageDefId id) const { return image_defs[id.index]; }
  const UnderlayDef& at(UnderlayDefId id) const { return underlay_defs[id.index]; }
  const Extra& at(ExtraId id) const { return extras[id.index]; }
};

// $INSUNITS, with $MEASUREMENT as the fallback.
Units resolve_units(const Header& header);

// For what the drawing stores, in blocks and sheets together, each once.
std::uint64_t allowed(const Allowance& allowance, const Drawing& drawing);

}  // namespace cad
