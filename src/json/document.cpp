// SPDX-License-Identifier: Apache-2.0
#include "json/document.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace cad::json {
namespace {

void write_or_null(Writer& w, std::string_view text) { text.empty() ? w.null() : w.text(text); }

void write_linetypes(Writer& w, const Drawing& drawing) {
  std::set<std::string_view> written;
  w.begin_object();
  for (const Linetype& linetype : drawing.linetypes) {
    if (linetype.implicit || !written.insert(linetype.name).second) continue;
    w.key_text(linetype.name);
    w.begin_array();
    for (const LinetypeElement& element : linetype.elements) w.number(element.length);
    w.end_array();
  }
  w.end_object();
}

void write_sheet_names(Writer& w, const DocumentContext& c) {
  for (const SheetFacts& sheet : c.facts.sheets) w.text(c.drawing.layouts[sheet.layout].name);
}

void write_counts(Writer& w, const Tally& t) {
  std::vector<std::pair<std::string_view, std::uint64_t>> rows;
  for (std::size_t i = 0; i < t.by_type.size(); ++i)
    rows.emplace_back(t.types.all()[i], t.by_type[i]);
  std::sort(rows.begin(), rows.end());
  w.key("byType");
  w.begin_object();
  for (const auto& [name, number] : rows) {
    w.key_text(name);
    w.integer(static_cast<std::int64_t>(number));
  }
  w.end_object();
  w.key("byCategory");
  w.begin_object();
  for (std::size_t i = 0; i < t.by_category.size(); ++i) {
    if (t.by_category[i] == 0) continue;
    w.key_text(to_string(static_cast<Category>(i)));
    w.integer(static_cast<std::int64_t>(t.by_category[i]));
  }
  w.end_object();
}

}  // namespace

std::string_view release_name(std::string_view version) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kReleases = {{
      {"AC1032", "AutoCAD 2018"},
      {"AC1027", "AutoCAD 2013"},
      {"AC1024", "AutoCAD 2010"},
      {"AC1021", "AutoCAD 2007"},
      {"AC1018", "AutoCAD 2004"},
      {"AC1015", "AutoCAD 2000"},
      {"AC1014", "AutoCAD R14"},
      {"AC1012", "AutoCAD R13"},
      {"AC1009", "AutoCAD R11/R12"},
      {"AC1006", "AutoCAD R10"},
      {"AC1004", "AutoCAD R9"},
      {"AC1003", "AutoCAD R2.6"},
      {"AC1002", "AutoCAD R2.5"},
      {"AC1001", "AutoCAD R2.2"},
      {"AC2.10", "AutoCAD R2.1"},
      {"AC1.50", "AutoCAD R2.0"},
  }};
  for (const auto& [stamp, name] : kReleases)
    if (stamp == version) return name;
  return {};
}

Box2 drawing_box(const ResultFacts& facts) {
  for (const SheetFacts& sheet : facts.sheets)
    if (!sheet.visible.empty()) return sheet.visible;
  return {};
}

void write_bounding_box(Writer& w, const Box2& box) {
  const double none = NAN;
  const bool empty = box.empty();
  w.begin_object();
  w.key("minX");
  w.rounded(empty ? none : box.min_x);
  w.key("minY");
  w.rounded(empty ? none : box.min_y);
  w.key("maxX");
  w.rounded(empty ? none : box.max_x);
  w.key("maxY");
  w.rounded(empty ? none : box.max_y);
  w.key("width");
  w.rounded(empty ? none : box.width());
  w.key("height");
  w.rounded(empty ? none : box.height());
  w.end_object();
}

void write_file(Writer& w, const DocumentContext& c) {
  w.begin_object();
  w.field("name", c.facts.file_name);
  w.key("format");
  w.plain_text(to_string(c.drawing.format));
  w.key("version");
  write_or_null(w, c.drawing.version);
  w.key("units");
  w.plain_text(to_string(c.drawing.units));
  w.end_object();
}

void write_summary(Writer& w, const DocumentContext& c) {
  w.begin_object();
  w.count("totalSheets", c.facts.sheets.size());
  w.count("totalEntities", c.tally.entities);
  w.count("totalLayers", c.drawing.layers.size());
  w.key("statistics");
  w.begin_object();
  write_counts(w, c.tally);
  w.end_object();
  w.key("boundingBox");
  write_bounding_box(w, drawing_box(c.facts));
  w.flag("truncated", c.drawing.truncated);
  w.end_object();
}

void write_metadata(Writer& w, const DocumentContext& c) {
  const Drawing& d = c.drawing;
  const Box2 box = drawing_box(c.facts);
  w.begin_object();
  w.field("filename", c.facts.file_name);
  w.key("format");
  w.plain_text(to_string(d.format));
  w.key("version");
  write_or_null(w, d.version);
  w.key("dwgVersion");
  write_or_null(w, release_name(d.version));
  w.key("units");
  w.plain_text(to_string(d.units));
  w.key("width");
  w.rounded(box.empty() ? NAN : box.width());
  w.key("height");
  w.rounded(box.empty() ? NAN : box.height());
  w.key("boundingBox");
  write_bounding_box(w, box);
  w.key("createdDate");
  write_or_null(w, d.header.created);
  w.key("layouts");
  w.begin_array();
  write_sheet_names(w, c);
  w.end_array();
  w.key("layoutLabels");
  w.begin_array();
  write_sheet_names(w, c);
  w.end_array();
  w.key("layoutKeys");
  w.begin_array();
  for (const SheetFacts& sheet : c.facts.sheets) w.text(sheet.key);
  w.end_array();
  w.key("linetypePatterns");
  write_linetypes(w, d);
  w.field("ltscale", d.header.ltscale);
  w.flag("is3D", c.tally.is_3d);
  w.count("unsupported3DCount", c.tally.unsupported_3d);
  if (d.truncated) w.flag("truncated", true);
  w.end_object();
}

void write_parse_info(Writer& w, const DocumentContext& c) {
  w.begin_object();
  if (!c.facts.reproducible) {
    w.key("durationMs");
    w.integer(static_cast<std::int64_t>(std::max(0.0, c.facts.duration_ms) + 0.5));
  }
  w.key("warnings");
  w.begin_array();
  for (const Diagnostic& d : c.diagnostics.all())
    if (d.severity != Severity::error) w.text(to_sentence(d));
  if (const std::uint64_t dropped = c.diagnostics.dropped(); dropped != 0)
    w.text("There were " + std::to_string(dropped) + " more warnings than are kept.");
  w.end_array();
  w.key("errors");
  w.begin_array();
  for (const Diagnostic& d : c.diagnostics.all())
    if (d.severity == Severity::error) w.text(to_sentence(d));
  w.end_array();
  w.end_object();
}

}  // namespace cad::json
