// SPDX-License-Identifier: Apache-2.0
// One value that travels through every reader, the scene and the renderer. Each cap is listed in
// docs/threat-model.md with what it bounds. Fuzzers pass smaller values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace cad {

// Grows with what the drawing stores: all of that may be shown, and some more, since blocks hold
// things once and show them often. A few bytes that would be millions of things are a bomb.
struct Allowance {
  std::uint64_t most = 0, small_drawing = 0, per_entity = 0, per_vertex = 0;

  std::uint64_t of(std::uint64_t entities, std::uint64_t vertices) const {
    return std::min(most, small_drawing + entities * per_entity + vertices * per_vertex);
  }
};

struct Limits {
  std::uint64_t max_input_bytes = 1ull << 30;
  // Of all compressed sections of a file together.
  std::size_t max_decompressed_bytes = 1u << 30;
  // Entities of the sheets (model space and layouts). More: the first ones are kept, truncated =
  // true.
  std::size_t max_entities = 1'000'000;
  // Entities inside block definitions, all together.
  std::size_t max_block_entities = 2'000'000;
  std::size_t max_table_records = 200'000;  // layers + linetypes + styles + blocks + layouts ...
  std::size_t max_string_bytes = 4u << 20;  // one decoded string; longer is cut, with a warning
  std::size_t max_embedded_bytes = 256u << 20;  // ACIS data or proxy graphics of one entity
  std::size_t max_vertices_per_entity = 4'000'000;
  std::size_t max_total_vertices = 40'000'000;
  std::size_t max_xdata_bytes = 64u << 20;  // all xdata and extension values of a drawing
  double max_coordinate = 1e15;             // larger magnitudes are damage, not geometry
  std::size_t max_block_depth = 64;         // nesting of inserts when drawn or measured
  Allowance primitives{20'000'000, 4'000'000, 32, 0};  // of one sheet, inserts expanded
  std::size_t max_array_cells = 250'000;  // of one insert's array; more: every second row ...
  std::size_t max_hatch_lines = 200'000;  // pattern lines of one hatch; denser becomes a tint
  std::size_t max_dashes = 100'000;       // dashes of one stroke; more is drawn continuous
  std::size_t max_glyphs = 5'000'000;
  std::size_t max_diagnostics = 200;    // distinct warnings kept; repeats are counted
  std::uint32_t max_image_px = 16'384;  // the longer side of a PNG
  // Painting for one PNG, in the units of render/work.hpp; a sheet that needs more is drawn
  // smaller.
  Allowance png_work{20'000'000'000, 600'000'000, 2'000, 200};
  Allowance scene_bytes{1u << 30, 32u << 20, 2'048, 64};  // of one scene; then it is cut
};

}  // namespace cad
