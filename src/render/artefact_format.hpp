// SPDX-License-Identifier: Apache-2.0
// The byte layout of docs/scene-format.md as plain structs. Little endian; every record is a
// multiple of 4 bytes, every section starts on a multiple of 8.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "geom/path.hpp"

namespace cad::render::clsc {

static_assert(std::endian::native == std::endian::little);

using Tag = std::array<char, 4>;
inline constexpr Tag kMagic{'C', 'L', 'S', 'C'};
inline constexpr std::uint32_t kTruncated = 1;  // Header::flags: a limit cut the drawing short
inline constexpr std::uint32_t kNone = 0xffffffffu;

struct Header {
  Tag magic = kMagic;
  std::uint16_t version = 1;
  std::uint16_t header_bytes = 128;
  std::uint32_t flags = 0;
  std::uint32_t section_count = 0;
  std::uint64_t file_bytes = 0;
  double origin_x = 0, origin_y = 0;
  double view_min_x = 0, view_min_y = 0, view_max_x = 0, view_max_y = 0;  // NaN: empty
  std::uint64_t primitive_count = 0;
  double mm_per_unit = 0;  // of paper; 0: model space has none
  std::array<std::uint32_t, 10> reserved{};
};
static_assert(sizeof(Header) == 128);

struct Section {
  Tag tag{};
  std::uint32_t record_bytes = 0;
  std::uint64_t offset = 0;  // from the start of the file
  std::uint64_t bytes = 0;
};
static_assert(sizeof(Section) == 24);

// The sections of version 1, in file order.
enum SectionId {
  kLayers,
  kStyles,
  kChunks,
  kFaces,
  kGlyphs,
  kClips,
  kEntities,
  kRuns,
  kOutlines,
  kClipPaths,
  kStrings,
  kGeometry,
  kSectionCount
};
struct SectionInfo {
  Tag tag;
  std::uint32_t record_bytes;
};

struct Layer {
  std::uint64_t handle = 0;
  std::uint32_t name_offset = 0, name_bytes = 0;  // in the strings
  std::uint32_t flags = 0;  // 1 visible, 2 off, 4 frozen, 8 locked, 16 plottable, 32 true color
  std::uint32_t color = 0;  // red | green << 8 | blue << 16 | ACI << 24
};
enum class StyleKind : std::uint8_t { stroke = 1, fill = 2, text = 3 };
struct Style {
  StyleKind kind = StyleKind::stroke;
  std::uint8_t rule = 0;  // fill: 0 non-zero, 1 even-odd
  std::uint16_t reserved = 0;
  std::uint32_t color = 0;     // red | green << 8 | blue << 16 | alpha << 24
  float width_mm = 0;          // stroke; text: the synthetic bold's width in em
  float width_units = 0;       // stroke
  std::uint32_t face = kNone;  // text
  friend bool operator==(const Style&, const Style&) = default;
};
struct Chunk {
  double origin_x = 0, origin_y = 0;
  float min_x = 0, min_y = 0, max_x = 0, max_y = 0;  // of its primitives, from its origin
  std::uint64_t offset = 0, bytes = 0;               // in the geometry
};
struct Face {
  std::uint32_t name_offset = 0, name_bytes = 0;
  float cap_height = 0, ascent = 0, descent = 0;
};
struct Glyph {
  std::uint32_t face = 0, id = 0;
  std::uint32_t first_word = 0, words = 0;  // a path in the outlines
  float advance = 0;
};
struct Clip {
  double origin_x = 0, origin_y = 0;
  std::uint32_t parent = kNone;             // an earlier clip that holds as well
  std::uint32_t first_word = 0, words = 0;  // a path in the clip paths, filled even-odd
  std::uint32_t reserved = 0;
};
struct Entity {
  std::uint64_t handle = 0;
  std::uint32_t index = kNone;                       // in the sheet's entities[] of the result
  std::uint32_t first_run = 0;                       // up to the next entity's
  float min_x = 0, min_y = 0, max_x = 0, max_y = 0;  // from Header::origin, rounded outward
};
struct Run {
  std::uint32_t layer = kNone;
  std::uint32_t clip = kNone;
  std::uint32_t chunk = 0;
  std::uint32_t first_word = 0, words = 0;  // in the chunk
};
static_assert(sizeof(Layer) == 24 && sizeof(Style) == 20 && sizeof(Chunk) == 48 &&
              sizeof(Face) == 20 && sizeof(Glyph) == 20 && sizeof(Clip) == 32 &&
              sizeof(Entity) == 32 && sizeof(Run) == 20);

inline constexpr std::array<SectionInfo, kSectionCount> kSections{{
    {{'L', 'A', 'Y', 'R'}, sizeof(Layer)},
    {{'S', 'T', 'Y', 'L'}, sizeof(Style)},
    {{'C', 'H', 'N', 'K'}, sizeof(Chunk)},
    {{'F', 'A', 'C', 'E'}, sizeof(Face)},
    {{'G', 'L', 'Y', 'F'}, sizeof(Glyph)},
    {{'C', 'L', 'I', 'P'}, sizeof(Clip)},
    {{'E', 'N', 'T', 'S'}, sizeof(Entity)},
    {{'R', 'U', 'N', 'S'}, sizeof(Run)},
    {{'O', 'U', 'T', 'L'}, 4},
    {{'C', 'P', 'T', 'H'}, 4},
    {{'S', 'T', 'R', 'S'}, 1},
    {{'G', 'E', 'O', 'M'}, 4},
}};

// A word of the geometry: the operation in the low byte, its argument in the rest.
enum class Op : std::uint8_t {
  style = 1,     // argument: the style of what follows in the run
  polyline = 2,  // argument n: n points
  closed_polyline = 3,
  stroke_path = 4,  // argument n (here and below): n words follow; a path
  fill_path = 5,
  gradient_fill = 6,  // stops << 1 | radial, from, to, stops x (position, color), a path
  glyphs = 7,         // the run's map a b c d e f, text offset, text bytes, then (glyph, x, y)...
  image = 8,          // corner, u, v, name offset, name bytes
};
inline constexpr std::uint32_t kMaxArgument = 0xffffffu;
inline std::uint32_t word_of(Op op, std::size_t argument) {
  return static_cast<std::uint32_t>(op) | static_cast<std::uint32_t>(argument) << 8;
}

// Coordinates of a verb in a path: an arc is center, u, v, t0, t1.
inline std::size_t floats_of(Verb verb) {
  switch (verb) {
    case Verb::move:
    case Verb::line: return 2;
    case Verb::cubic: return 6;
    case Verb::arc: return 8;
    case Verb::close: return 0;
  }
  return 0;
}

inline constexpr std::size_t kMaxClipDepth = 1000;

}  // namespace cad::render::clsc
