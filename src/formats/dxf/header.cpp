// SPDX-License-Identifier: Apache-2.0
// HEADER: "9 $NAME" and the groups of its value.
#include "formats/acad/julian.hpp"
#include "formats/dxf/sections.hpp"

namespace cad::dxf {
namespace {

// AC1021 and later hold UTF-8, whatever $DWGCODEPAGE says.
bool is_utf8_version(std::string_view version) {
  return version.size() == 6 && version.starts_with("AC") && version >= "AC1021";
}

void note_version(Loader& loader, std::string_view version) {
  loader.drawing().version = std::string(version.substr(0, 32));
  loader.encoding().utf8 = is_utf8_version(version);
}

void note_code_page(Loader& loader, std::string_view name) {
  loader.drawing().codepage = std::string(name.substr(0, 64));
  if (const auto page = code_page_of(name)) {
    loader.encoding().page = *page;
    loader.encoding().guess_utf8 = *page == kUtf8;
  } else if (fold_case(name) != "undefined" && !name.empty()) {
    loader.warn("DXF_UNKNOWN_CODE_PAGE", "$DWGCODEPAGE",
                "The drawing's code page is not known; its texts are read as Western European.");
  }
}

void take_coordinate(TagCursor& tags, Vec3& point) {
  switch (tags.code()) {
    case 10: point.x = tags.real(); break;
    case 20: point.y = tags.real(); break;
    case 30: point.z = tags.real(); break;
    default: break;
  }
}

std::int32_t small_integer(TagCursor& tags) { return static_cast<std::int32_t>(tags.integer()); }

void take_text_variable(Loader& loader, std::string_view name) {
  TagCursor& tags = loader.tags();
  Header& header = loader.drawing().header;
  if (name == "$ACADVER") return note_version(loader, tags.word());
  if (name == "$DWGCODEPAGE") return note_code_page(loader, tags.word());
  std::string* target = nullptr;
  if (name == "$DIMSTYLE") target = &header.dim_style_name;
  if (name == "$TITLE") target = &header.title;
  if (name == "$AUTHOR") target = &header.author;
  if (name == "$COMMENTS") target = &header.comments;
  if (name == "$LASTSAVEDBY") target = &header.last_saved_by;
  if (target != nullptr) *target = loader.decode(tags.raw());
}

void take_variable(Loader& loader, std::string_view name) {
  TagCursor& tags = loader.tags();
  Header& header = loader.drawing().header;
  if (tags.code() < 10) return take_text_variable(loader, name);
  if (name == "$INSUNITS") header.insunits = small_integer(tags);
  if (name == "$MEASUREMENT") header.measurement = small_integer(tags);
  if (name == "$LTSCALE") header.ltscale = tags.number();
  if (name == "$CELTSCALE") header.celtscale = tags.number();
  if (name == "$PSLTSCALE") header.psltscale = tags.flag();
  if (name == "$FILLMODE") header.fill_mode = tags.flag();
  if (name == "$LWDISPLAY") header.lineweight_display = tags.flag();
  if (name == "$MIRRTEXT") header.mirror_text = tags.flag();
  if (name == "$PDMODE") header.pdmode = small_integer(tags);
  if (name == "$PDSIZE") header.pdsize = tags.number();
  if (name == "$DIMSCALE") header.dim_scale = tags.number();
  if (name == "$EXTMIN") take_coordinate(tags, header.extmin);
  if (name == "$EXTMAX") {
    take_coordinate(tags, header.extmax);
    header.has_extents = true;
  }
  // Universal time when the file has it; else the local time of whoever drew.
  if (name == "$TDUCREATE" || (name == "$TDCREATE" && header.created.empty()))
    header.created = acad::iso_date(tags.real());
  if (name == "$TDUUPDATE" || (name == "$TDUPDATE" && header.modified.empty()))
    header.modified = acad::iso_date(tags.real());
}

}  // namespace

void read_header(Loader& loader) {
  TagCursor& tags = loader.tags();
  std::string_view name;
  while (tags.next()) {
    if (tags.code() == 0) {
      if (ends_section(tags)) break;
      name = {};
    } else if (tags.code() == 9) {
      name = tags.word();
    } else {
      take_variable(loader, name);
    }
  }
  loader.drawing().units = resolve_units(loader.drawing().header);
}

}  // namespace cad::dxf
