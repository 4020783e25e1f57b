// SPDX-License-Identifier: Apache-2.0
// What became of every object of the object map: nothing is dropped undeclared.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "formats/dwg/loader.hpp"

namespace cad::dwg {

struct Census {
  std::uint64_t objects = 0;     // entries of the object map with a handle of their own
  std::uint64_t entities = 0;    // in the drawing: sheets, blocks and attributes
  std::uint64_t structure = 0;   // VERTEX, SEQEND, BLOCK, ENDBLK
  std::uint64_t nongraphic = 0;  // table records, dictionaries, other objects
  std::uint64_t declared = 0;    // lost; each counted in a diagnostic
  bool balanced() const { return objects == entities + structure + nongraphic + declared; }
};

// Bits of an entity or object that its reader left: from 2000 on the sizes of all streams are
// exact, so a reader that is right leaves none.
struct Leftover {
  Handle handle = 0;
  std::string_view type;                             // of a TypeRow, or "UNKNOWN"
  std::uint64_t data = 0, strings = 0, handles = 0;  // bits; handles without the byte padding
};

// What tests ask of a reading.
struct Audit {
  Census census;
  std::vector<Leftover> leftovers;
  std::uint64_t complete = 0;  // entities and objects that were read to the last bit
};

// Settles what is still pending: parts that no entity or block claimed are reported.
Census take_census(Loader& loader);

}  // namespace cad::dwg
