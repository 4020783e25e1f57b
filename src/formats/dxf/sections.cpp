// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/sections.hpp"

#include "formats/dxf/data_storage.hpp"
#include "formats/dxf/entities.hpp"

namespace cad::dxf {

bool next_record(TagCursor& tags) {
  while (tags.next())
    if (tags.code() == 0) return true;
  return false;
}

bool ends_section(TagCursor& tags) {
  const std::string_view word = tags.word();
  if (word == "ENDSEC") return true;
  if (word != "SECTION" && word != "EOF") return false;
  tags.push_back();
  return true;
}

namespace {

void skip_section(TagCursor& tags) {
  while (next_record(tags))
    if (ends_section(tags)) return;
}

void read_section(Loader& loader) {
  TagCursor& tags = loader.tags();
  if (!tags.next()) return;
  if (tags.code() != 2) {
    loader.warn("DXF_UNNAMED_SECTION", "DXF", "A section has no name; left out.");
    tags.push_back();
    return skip_section(tags);
  }
  const std::string_view name = tags.word();
  if (name == "HEADER") return read_header(loader);
  if (name == "CLASSES") return read_classes(loader);
  if (name == "TABLES") return read_tables(loader);
  if (name == "BLOCKS") return read_blocks(loader);
  if (name == "ENTITIES") return read_entities_section(loader);
  if (name == "OBJECTS") return read_objects(loader);
  if (name == "ACDSDATA") return read_data_storage(loader);
  skip_section(tags);  // THUMBNAILIMAGE and applications' own
}

}  // namespace

bool read_sections(Loader& loader) {
  TagCursor& tags = loader.tags();
  while (tags.next()) {
    if (tags.code() == 9 && tags.word().starts_with('$')) {  // a header without its section
      tags.push_back();
      read_header(loader);
      continue;
    }
    if (tags.code() != 0) continue;
    const std::string_view word = tags.word();
    if (word == "EOF") return true;
    if (word == "SECTION") {
      read_section(loader);
    } else if (word != "ENDSEC") {  // entities without a section around them
      tags.push_back();
      read_entities_section(loader);
    }
  }
  loader.warn(
      "DXF_NO_EOF", "DXF",
      "The file ends without its EOF mark: it may be cut off, and what followed is missing.");
  return false;
}

}  // namespace cad::dxf
