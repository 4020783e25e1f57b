// SPDX-License-Identifier: Apache-2.0
// Reads a scene artefact (docs/scene-format.md) and believes nothing in it: open() checks every
// offset, count, index and number once; after it, replay() gives the primitives to any sink.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/vec.hpp"
#include "render/artefact_format.hpp"
#include "scene/sink.hpp"

namespace cad::render {

class ArtefactFace;

class ArtefactReader {
 public:
  // Copies what it needs. Errors: unsupported_version, damaged_drawing (with the place).
  static Result<ArtefactReader> open(std::span<const std::uint8_t> file);
  ArtefactReader(ArtefactReader&&) noexcept;
  ArtefactReader& operator=(ArtefactReader&&) noexcept;
  ~ArtefactReader();

  const clsc::Header& header() const { return header_; }
  Box2 view() const;
  const std::vector<clsc::Layer>& layers() const { return layers_; }
  const std::vector<clsc::Chunk>& chunks() const { return chunks_; }
  const std::vector<clsc::Entity>& entities() const { return entities_; }
  const std::vector<clsc::Run>& runs() const { return runs_; }
  const std::vector<clsc::Glyph>& glyphs() const { return glyphs_; }
  std::string_view string(std::uint32_t offset, std::uint32_t bytes) const {
    return std::string_view(strings_).substr(offset, bytes);
  }

  // Everything in drawing order.
  void replay(scene::Sink& sink) const;

 private:
  ArtefactReader();
  Result<void> read_tables(std::span<const std::uint8_t> file);
  Result<void> check_records();
  Result<void> read_faces();
  Result<void> read_clips();
  std::span<const std::uint32_t> words_of(const clsc::Run& run) const;
  Vec2 origin_of(const clsc::Run& run) const;
  bool has_string(std::uint32_t offset, std::uint32_t bytes) const {
    return offset <= strings_.size() && bytes <= strings_.size() - offset;
  }

  clsc::Header header_;
  std::vector<clsc::Layer> layers_;
  std::vector<clsc::Style> styles_;
  std::vector<clsc::Chunk> chunks_;
  std::vector<clsc::Face> faces_;
  std::vector<clsc::Glyph> glyphs_;
  std::vector<clsc::Clip> clips_;
  std::vector<clsc::Entity> entities_;
  std::vector<clsc::Run> runs_;
  std::vector<std::uint32_t> outlines_, clip_words_, geometry_;
  std::vector<char> string_bytes_;
  std::string_view strings_;
  std::vector<std::unique_ptr<ArtefactFace>> shapes_;
  std::vector<Path> clip_paths_;
};

}  // namespace cad::render
