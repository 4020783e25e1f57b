// SPDX-License-Identifier: Apache-2.0
#include "render/artefact_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "render/artefact.hpp"
#include "render/artefact_face.hpp"
#include "render/artefact_paths.hpp"
#include "render/artefact_play.hpp"

namespace cad::render {

namespace {

tl::unexpected<Error> damaged(std::string what) {
  return fail(ErrorCode::damaged_drawing, "the scene is damaged: " + std::move(what));
}

template <class T>
void copy(std::span<const std::uint8_t> file, const clsc::Section& section, std::vector<T>& out) {
  out.resize(section.bytes / sizeof(T));
  if (section.bytes > 0) std::memcpy(out.data(), file.data() + section.offset, section.bytes);
}

bool within(std::uint64_t first, std::uint64_t count, std::uint64_t size) {
  return first <= size && count <= size - first;
}

bool all_finite(std::initializer_list<double> values) {
  for (const double v : values)
    if (!std::isfinite(v)) return false;
  return true;
}

}  // namespace

ArtefactReader::ArtefactReader() = default;
ArtefactReader::ArtefactReader(ArtefactReader&&) noexcept = default;
ArtefactReader& ArtefactReader::operator=(ArtefactReader&&) noexcept = default;
ArtefactReader::~ArtefactReader() = default;

Result<ArtefactReader> ArtefactReader::open(std::span<const std::uint8_t> file) {
  ArtefactReader reader;
  CAD_TRY(reader.read_tables(file));
  CAD_TRY(reader.check_records());
  CAD_TRY(reader.read_faces());
  CAD_TRY(reader.read_clips());
  const ArtefactPlayer player{reader.styles_, reader.glyphs_, reader.shapes_, reader.strings_};
  for (std::size_t i = 0; i < reader.runs_.size(); ++i) {
    const clsc::Run& run = reader.runs_[i];
    if (!player.play(reader.words_of(run), reader.origin_of(run), nullptr))
      return damaged("run " + std::to_string(i));
  }
  return reader;
}

Result<void> ArtefactReader::read_tables(std::span<const std::uint8_t> file) {
  if (file.size() < sizeof(header_)) return damaged("it is shorter than its header");
  std::memcpy(&header_, file.data(), sizeof(header_));
  if (header_.magic != clsc::kMagic) return damaged("it does not start with CLSC");
  if (header_.version != kSceneVersion)
    return fail(ErrorCode::unsupported_version,
                "scene version " + std::to_string(header_.version) + " is not known");
  std::array<clsc::Section, clsc::kSectionCount> table;
  if (header_.header_bytes != sizeof(header_) || header_.section_count != clsc::kSectionCount ||
      header_.file_bytes != file.size() || file.size() < sizeof(header_) + sizeof(table))
    return damaged("its header");
  std::memcpy(&table, file.data() + sizeof(header_), sizeof(table));
  std::uint64_t end = sizeof(header_) + sizeof(table);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const clsc::Section& s = table[i];
    if (s.tag != clsc::kSections[i].tag || s.record_bytes != clsc::kSections[i].record_bytes ||
        s.offset % 8 != 0 || s.offset < end || !within(s.offset, s.bytes, file.size()) ||
        s.bytes % s.record_bytes != 0 || s.bytes / s.record_bytes >= clsc::kNone)
      return damaged("section " + std::to_string(i));
    end = s.offset + s.bytes;
  }
  copy(file, table[clsc::kLayers], layers_);
  copy(file, table[clsc::kStyles], styles_);
  copy(file, table[clsc::kChunks], chunks_);
  copy(file, table[clsc::kFaces], faces_);
  copy(file, table[clsc::kGlyphs], glyphs_);
  copy(file, table[clsc::kClips], clips_);
  copy(file, table[clsc::kEntities], entities_);
  copy(file, table[clsc::kRuns], runs_);
  copy(file, table[clsc::kOutlines], outlines_);
  copy(file, table[clsc::kClipPaths], clip_words_);
  copy(file, table[clsc::kStrings], string_bytes_);
  copy(file, table[clsc::kGeometry], geometry_);
  strings_ = {string_bytes_.data(), string_bytes_.size()};
  return {};
}

Result<void> ArtefactReader::check_records() {
  if (!all_finite({header_.origin_x, header_.origin_y})) return damaged("its origin");
  if (!all_finite({header_.mm_per_unit}) || header_.mm_per_unit < 0) return damaged("its unit");
  for (const clsc::Layer& layer : layers_)
    if (!has_string(layer.name_offset, layer.name_bytes)) return damaged("a layer's name");
  for (const clsc::Style& style : styles_) {
    const bool is_text = style.kind == clsc::StyleKind::text;
    if (style.kind < clsc::StyleKind::stroke || style.kind > clsc::StyleKind::text ||
        style.rule > 1 || !all_finite({style.width_mm, style.width_units}) ||
        (is_text && style.face >= faces_.size()))
      return damaged("a style");
  }
  // Ranges may not overlap: else a small file could ask for endless work.
  std::uint64_t end = 0;
  for (const clsc::Chunk& chunk : chunks_) {
    if (!all_finite(
            {chunk.origin_x, chunk.origin_y, chunk.min_x, chunk.min_y, chunk.max_x, chunk.max_y}) ||
        chunk.offset % 4 != 0 || chunk.bytes % 4 != 0 || chunk.offset < end ||
        !within(chunk.offset / 4, chunk.bytes / 4, geometry_.size()))
      return damaged("a chunk");
    end = chunk.offset + chunk.bytes;
  }
  std::vector<std::uint64_t> ends(chunks_.size());
  for (const clsc::Run& run : runs_) {
    if (run.chunk >= chunks_.size() ||
        !within(run.first_word, run.words, chunks_[run.chunk].bytes / 4) ||
        run.first_word < ends[run.chunk] ||
        (run.layer != clsc::kNone && run.layer >= layers_.size()) ||
        (run.clip != clsc::kNone && run.clip >= clips_.size()))
      return damaged("a run's place");
    ends[run.chunk] = std::uint64_t{run.first_word} + run.words;
  }
  std::uint32_t first = 0;
  for (const clsc::Entity& entity : entities_) {
    if (entity.first_run < first || entity.first_run > runs_.size() ||
        !all_finite({entity.min_x, entity.min_y, entity.max_x, entity.max_y}))
      return damaged("an entity");
    first = entity.first_run;
  }
  return {};
}

Result<void> ArtefactReader::read_faces() {
  for (std::size_t i = 0; i < faces_.size(); ++i) {
    const clsc::Face& face = faces_[i];
    if (!has_string(face.name_offset, face.name_bytes) ||
        !all_finite({face.cap_height, face.ascent, face.descent}))
      return damaged("a face");
    shapes_.push_back(std::make_unique<ArtefactFace>(
        static_cast<std::uint32_t>(i), string(face.name_offset, face.name_bytes), face));
  }
  std::uint64_t end = 0;
  for (const clsc::Glyph& glyph : glyphs_) {
    Path outline;
    if (glyph.first_word < end || glyph.face >= faces_.size() || !std::isfinite(glyph.advance) ||
        !within(glyph.first_word, glyph.words, outlines_.size()) ||
        !clsc::read_path(std::span(outlines_).subspan(glyph.first_word, glyph.words), {}, outline))
      return damaged("a glyph");
    end = std::uint64_t{glyph.first_word} + glyph.words;
    shapes_[glyph.face]->add(glyph, std::move(outline));
  }
  return {};
}

Result<void> ArtefactReader::read_clips() {
  std::vector<std::size_t> depth;
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < clips_.size(); ++i) {
    const clsc::Clip& clip = clips_[i];
    const bool is_root = clip.parent == clsc::kNone;
    Path path;
    if ((!is_root && clip.parent >= i) || clip.first_word < end ||
        !all_finite({clip.origin_x, clip.origin_y}) ||
        !within(clip.first_word, clip.words, clip_words_.size()) ||
        !clsc::read_path(std::span(clip_words_).subspan(clip.first_word, clip.words),
                         {clip.origin_x, clip.origin_y}, path))
      return damaged("a clip");
    end = std::uint64_t{clip.first_word} + clip.words;
    depth.push_back(is_root ? 1 : depth[clip.parent] + 1);
    if (depth.back() > clsc::kMaxClipDepth) return damaged("clips nest too deep");
    clip_paths_.push_back(std::move(path));
  }
  return {};
}

Box2 ArtefactReader::view() const {
  if (!(header_.view_min_x <= header_.view_max_x && header_.view_min_y <= header_.view_max_y))
    return {};
  return {header_.view_min_x, header_.view_min_y, header_.view_max_x, header_.view_max_y};
}

void ArtefactReader::replay(scene::Sink& sink) const {
  // The clips in force, outermost first.
  std::vector<std::uint32_t> current, wanted;
  const auto set_clip = [&](std::uint32_t clip) {
    wanted.clear();
    for (; clip != clsc::kNone; clip = clips_[clip].parent) wanted.push_back(clip);
    std::reverse(wanted.begin(), wanted.end());
    std::size_t same = 0;
    while (same < current.size() && same < wanted.size() && current[same] == wanted[same]) ++same;
    for (std::size_t i = current.size(); i > same; --i) sink.pop_clip();
    for (std::size_t i = same; i < wanted.size(); ++i) sink.push_clip(clip_paths_[wanted[i]]);
    current.swap(wanted);
  };
  const ArtefactPlayer player{styles_, glyphs_, shapes_, strings_};
  for (std::size_t e = 0; e < entities_.size(); ++e) {
    const std::size_t end = e + 1 < entities_.size() ? entities_[e + 1].first_run : runs_.size();
    for (std::size_t r = entities_[e].first_run; r < end; ++r) {
      const clsc::Run& run = runs_[r];
      set_clip(run.clip);
      sink.begin_entity({entities_[e].index, entities_[e].handle, LayerId{run.layer}});
      player.play(words_of(run), origin_of(run), &sink);
    }
  }
  set_clip(clsc::kNone);
}

std::span<const std::uint32_t> ArtefactReader::words_of(const clsc::Run& run) const {
  return std::span(geometry_).subspan(chunks_[run.chunk].offset / 4 + run.first_word, run.words);
}

Vec2 ArtefactReader::origin_of(const clsc::Run& run) const {
  return {chunks_[run.chunk].origin_x, chunks_[run.chunk].origin_y};
}

}  // namespace cad::render
