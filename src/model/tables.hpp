// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/vec.hpp"
#include "model/entity.hpp"
#include "model/ids.hpp"
#include "model/style.hpp"

namespace cad {

struct Layer {
  std::string name;
  Handle handle = 0;
  Color color = Color::aci(7);  // index or rgb (then index is the ACI beside it)
  LinetypeId linetype;          // none = Continuous
  std::int16_t lineweight = kLineweightDefault;
  std::uint8_t alpha = 255;
  bool off = false, frozen = false, locked = false;
  bool plottable = true;
  bool implicit = false;  // only referred to, never defined in the file
  bool visible() const { return !off && !frozen; }
};

// One element of a linetype: a dash (> 0), gap (< 0) or dot (0), with an optional text or shape.
struct LinetypeElement {
  double length = 0;
  std::uint16_t flags = 0;  // group 74: 1 absolute rotation, 2 text, 4 shape
  std::uint16_t shape_number = 0;
  TextStyleId style;
  double scale = 1, rotation_deg = 0, x_offset = 0, y_offset = 0;
  std::string text;
};

struct Linetype {
  std::string name;
  Handle handle = 0;
  std::string description;
  double pattern_length = 0;
  std::vector<LinetypeElement> elements;  // empty = continuous
  bool implicit = false;
};

struct TextStyle {
  std::string name;
  Handle handle = 0;
  double fixed_height = 0;
  double width_factor = 1;
  double oblique_deg = 0;
  double last_height = 0;
  std::uint8_t generation_flags = 0;  // 2 backward, 4 upside down
  std::string font_file;              // "txt.shx", "arial.ttf"
  std::string big_font_file;          // SHX big font for CJK
  std::string font_family;            // from ACAD xdata (TrueType family name)
  bool bold = false, italic = false;
  bool is_shape_file = false;
  bool vertical = false;
  bool implicit = false;
};

struct DimStyle {  // what drawing a dimension, leader or tolerance needs
  std::string name;
  Handle handle = 0;
  double scale = 1;                                           // DIMSCALE
  double arrow_size = 0.18;                                   // DIMASZ
  double text_height = 0.18;                                  // DIMTXT
  double text_gap = 0.09;                                     // DIMGAP
  double extension_offset = 0.0625, extension_beyond = 0.18;  // DIMEXO, DIMEXE
  double linear_factor = 1;                                   // DIMLFAC
  std::int16_t decimal_places = 4;                            // DIMDEC
  std::int16_t linear_unit = 2;                               // DIMLUNIT
  std::int16_t zero_suppression = 0;
  std::int16_t text_above = 0;  // DIMTAD
  Color line_color{Color::Kind::by_block, 7, {}};
  Color text_color{Color::Kind::by_block, 7, {}};
  TextStyleId text_style;
  std::string post;         // DIMPOST
  Handle leader_arrow = 0;  // DIMLDRBLK block record
};

struct MLineStyle {
  std::string name;
  Handle handle = 0;
  std::uint16_t flags = 0;  // 1 fill, 2 miters, 16 start square cap, 32 inner arcs, 64 round, ...
  Color fill_color;
  double start_angle_deg = 90, end_angle_deg = 90;
  struct Element {
    double offset = 0;
    Color color;
    LinetypeId linetype;
  };
  std::vector<Element> elements;
};

struct ImageDef {
  Handle handle = 0;
  std::string path;
  Vec2 size_px;
};

struct UnderlayDef {
  Handle handle = 0;
  std::string path;
  std::string page;
};

// A block definition. Model space and every paper space are blocks, too.
struct Block {
  std::string name;
  Handle handle = 0;  // of the block record
  Vec3 base_point;
  std::uint16_t flags = 0;  // group 70: 1 anonymous, 2 has attdefs, 4 xref, 8 xref overlay, ...
  std::string xref_path;
  std::string description;
  std::string dynamic_name;  // the dynamic block whose anonymous representation this is
  std::uint16_t insunits = 0;
  bool implicit = false;  // referred to, never defined
  std::vector<Entity> entities;
  // Handles in drawing order where a SORTENTS table changes it: (sort handle, entity handle).
  std::vector<std::pair<Handle, Handle>> draw_order;
  bool is_xref() const { return (flags & 4) != 0; }
};

struct Layout {
  std::string name;  // "Model", "Layout1"
  Handle handle = 0;
  std::int32_t tab_order = 0;
  BlockId block;
  bool is_model = false;
  Vec2 limits_min, limits_max;
  Vec3 extents_min, extents_max;
  double paper_width_mm = 0, paper_height_mm = 0;
  Vec2 margin_left_bottom, margin_right_top;
  std::uint16_t plot_units = 0;     // 0 inch, 1 mm, 2 pixel
  std::uint16_t plot_rotation = 0;  // quarter turns
  double plot_scale_numerator = 1, plot_scale_denominator = 1;
};

// Extended data of an entity and values of its extension dictionary, kept for include=xdata.
struct XdataItem {
  std::int16_t code = 0;  // 1000..1071
  std::variant<std::string, double, std::int64_t, Vec3> value;
};
struct XdataApp {
  std::string app;
  std::vector<XdataItem> items;
};
struct ExtensionValue {
  std::string key;    // dictionary path: "AcDbBlockRepresentation/AcDbRepData"
  std::string value;  // text of the value, JSON-safe
};
struct Extra {
  std::vector<XdataApp> xdata;
  std::vector<ExtensionValue> extension;
};

}  // namespace cad
