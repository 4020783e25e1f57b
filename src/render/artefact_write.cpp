// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <unordered_map>

#include "model/aci.hpp"
#include "render/artefact.hpp"
#include "render/artefact_file.hpp"
#include "render/artefact_format.hpp"
#include "render/artefact_paths.hpp"
#include "text/fonts.hpp"

namespace cad::render {

namespace {

using clsc::kNone;
using clsc::Op;
using clsc::Words;

constexpr double kCellsAcross = 32;  // chunks over the view's longer side
constexpr std::size_t kMaxChunks = 4096;
constexpr double kMaxRadius = 4;  // of a kept arc, in sizes of its chunk

std::uint32_t pack(scene::Rgba c) {
  return c.r | static_cast<std::uint32_t>(c.g) << 8 | static_cast<std::uint32_t>(c.b) << 16 |
         static_cast<std::uint32_t>(c.a) << 24;
}

float rounded_down(double v) {
  const float f = clsc::to_float(v);
  return f <= v ? f : std::nextafter(f, -std::numeric_limits<float>::max());
}
float rounded_up(double v) {
  const float f = clsc::to_float(v);
  return f >= v ? f : std::nextafter(f, std::numeric_limits<float>::max());
}

template <class T>
void set_box(T& record, const Box2& box, Vec2 origin) {
  record.min_x = rounded_down(box.min_x - origin.x);
  record.min_y = rounded_down(box.min_y - origin.y);
  record.max_x = rounded_up(box.max_x - origin.x);
  record.max_y = rounded_up(box.max_y - origin.y);
}

struct StyleHash {
  std::size_t operator()(const clsc::Style& s) const {
    std::uint64_t words[3] = {};
    static_assert(sizeof(clsc::Style) <= sizeof(words));
    std::memcpy(words, &s, sizeof(s));
    std::uint64_t h = 0;
    for (const std::uint64_t w : words) h = (h ^ w) * 0x9e3779b97f4a7c15ull ^ h >> 31;
    return h;
  }
};

class Artefact final : public ArtefactSink {
 public:
  Artefact(const Drawing& drawing, const Box2& view, const Limits& limits, double mm_per_unit);

  void begin_entity(const scene::EntityRef& entity) override;
  void stroke(const Path& path, const scene::Pen& pen) override;
  void fill(const Path& path, scene::FillRule rule, const scene::Brush& brush) override;
  void glyphs(const scene::GlyphRun& run) override;
  void image(const scene::ImageFrame& frame) override;
  void push_clip(const Path& path) override;
  void pop_clip() override;
  bool full() const override { return out_of_room_; }
  Result<std::vector<std::uint8_t>> finish() override;

 private:
  struct Chunk {
    Vec2 origin;
    double size = 0;  // side of its cell
    Box2 box;
    Words words;
  };

  bool begin_path(const Path& path, std::size_t extra_words);
  bool begin_primitive(const Box2& box, std::size_t max_words);
  std::uint32_t chunk_for(const Box2& box);
  void begin_run(std::uint32_t chunk);
  void end_run();
  void end_entity();
  void use_style(const clsc::Style& style);
  // Writes an operation whose argument is the number of words that `body` appends.
  template <class Body>
  void add_op(Op op, Body body);
  std::uint32_t add_string(std::string_view text);
  std::uint32_t face_index(const text::Face& face);
  std::uint32_t glyph_index(const text::Face& face, std::uint32_t id);
  Chunk& chunk() { return chunks_[run_.chunk]; }
  void add_point(Vec2 p) {
    chunk().words.push_back(clsc::to_word(p.x));
    chunk().words.push_back(clsc::to_word(p.y));
  }

  Limits limits_;
  std::uint64_t max_bytes_;
  clsc::Header header_;
  Vec2 origin_;
  double cell_ = 1;
  bool out_of_room_ = false;
  std::uint64_t bytes_ = 0;

  std::vector<clsc::Layer> layers_;
  std::vector<clsc::Style> styles_;
  std::vector<Chunk> chunks_;
  std::vector<clsc::Face> faces_;
  std::vector<clsc::Glyph> glyphs_;
  std::vector<clsc::Clip> clips_;
  std::vector<clsc::Entity> entities_;
  std::vector<clsc::Run> runs_;
  Words outlines_, clip_paths_;
  std::string strings_;

  std::unordered_map<clsc::Style, std::uint32_t, StyleHash> style_index_;
  std::unordered_map<std::uint64_t, std::uint32_t> chunk_index_;
  std::unordered_map<const text::Face*, std::uint32_t> face_index_;
  std::unordered_map<std::uint64_t, std::uint32_t> glyph_index_;
  std::vector<std::uint32_t> clip_stack_;
  std::size_t too_deep_ = 0;

  clsc::Run run_;
  bool run_open_ = false;
  std::uint32_t style_ = kNone;
  clsc::Entity entity_;
  Box2 entity_box_;
  std::uint32_t layer_ = kNone;
};

Artefact::Artefact(const Drawing& drawing, const Box2& view, const Limits& limits,
                   double mm_per_unit)
    : limits_(limits), max_bytes_(allowed(limits.scene_bytes, drawing)) {
  for (const cad::Layer& layer : drawing.layers) {
    const bool is_rgb = layer.color.kind == Color::Kind::rgb;
    const std::uint32_t flags = (layer.visible() ? 1u : 0) | (layer.off ? 2u : 0) |
                                (layer.frozen ? 4u : 0) | (layer.locked ? 8u : 0) |
                                (layer.plottable ? 16u : 0) | (is_rgb ? 32u : 0);
    const Rgb rgb = is_rgb ? layer.color.rgb : rgb_of_aci(layer.color.index);
    const std::uint32_t offset = add_string(layer.name);
    layers_.push_back({layer.handle, offset, static_cast<std::uint32_t>(layer.name.size()), flags,
                       pack({rgb.r, rgb.g, rgb.b, layer.color.index})});
  }
  header_.mm_per_unit = mm_per_unit;
  header_.view_min_x = header_.view_min_y = header_.view_max_x = header_.view_max_y = NAN;
  if (!view.empty()) {
    header_.view_min_x = view.min_x;
    header_.view_min_y = view.min_y;
    header_.view_max_x = view.max_x;
    header_.view_max_y = view.max_y;
    origin_ = {view.min_x / 2 + view.max_x / 2, view.min_y / 2 + view.max_y / 2};
  }
  const double size = view.empty() ? 0 : std::max(view.width(), view.height());
  if (std::isfinite(size) && size > 0) cell_ = size / kCellsAcross;
  header_.origin_x = origin_.x;
  header_.origin_y = origin_.y;
  chunks_.push_back({origin_, cell_ * kCellsAcross, {}, {}});
}

// Small primitives go to the chunk of their cell, so that their coordinates keep more digits; large
// ones to chunk 0, which has the view's center as its origin.
std::uint32_t Artefact::chunk_for(const Box2& box) {
  if (std::max(box.width(), box.height()) > cell_) return 0;
  if (run_open_ && run_.chunk != 0) {
    const Vec2 at = chunk().origin;
    const double reach = 1.5 * cell_;
    if (box.min_x >= at.x - reach && box.max_x <= at.x + reach && box.min_y >= at.y - reach &&
        box.max_y <= at.y + reach)
      return run_.chunk;
  }
  const double column = std::floor(((box.min_x + box.max_x) / 2 - origin_.x) / cell_);
  const double row = std::floor(((box.min_y + box.max_y) / 2 - origin_.y) / cell_);
  constexpr double kFar = 2e9;  // cells; beyond, no chunk helps
  if (!(std::abs(column) < kFar && std::abs(row) < kFar)) return 0;
  const std::uint64_t key =
      static_cast<std::uint64_t>(static_cast<std::uint32_t>(static_cast<std::int32_t>(column)))
          << 32 |
      static_cast<std::uint32_t>(static_cast<std::int32_t>(row));
  if (const auto found = chunk_index_.find(key); found != chunk_index_.end()) return found->second;
  if (chunks_.size() == kMaxChunks) return 0;
  const auto index = static_cast<std::uint32_t>(chunks_.size());
  chunks_.push_back(
      {{origin_.x + (column + 0.5) * cell_, origin_.y + (row + 0.5) * cell_}, cell_, {}, {}});
  chunk_index_.emplace(key, index);
  return index;
}

void Artefact::begin_entity(const scene::EntityRef& entity) {
  if (entity.index != entity_.index || entity.handle != entity_.handle) {
    end_entity();
    entity_ = {};
    entity_.index = entity.index;
    entity_.handle = entity.handle;
    entity_.first_run = static_cast<std::uint32_t>(runs_.size());
    entity_box_ = {};
  } else if (entity.layer.index != layer_) {
    end_run();
  }
  layer_ = entity.layer.index < layers_.size() ? entity.layer.index : kNone;
}

void Artefact::end_entity() {
  end_run();
  if (runs_.size() == entity_.first_run) return;
  set_box(entity_, entity_box_, origin_);
  entities_.push_back(entity_);
  entity_.first_run = static_cast<std::uint32_t>(runs_.size());
  entity_box_ = {};
}

void Artefact::begin_run(std::uint32_t chunk) {
  run_ = {layer_, clip_stack_.empty() ? kNone : clip_stack_.back(), chunk,
          static_cast<std::uint32_t>(chunks_[chunk].words.size()), 0};
  run_open_ = true;
  style_ = kNone;
}

void Artefact::end_run() {
  if (!run_open_) return;
  run_open_ = false;
  run_.words = static_cast<std::uint32_t>(chunk().words.size()) - run_.first_word;
  if (run_.words > 0) runs_.push_back(run_);
}

// False: nothing more can be taken (the caller leaves the primitive out).
bool Artefact::begin_primitive(const Box2& box, std::size_t max_words) {
  if (out_of_room_ || box.empty()) return false;
  bytes_ += 4 * max_words + 16;
  const bool no_room = bytes_ > max_bytes_ || header_.primitive_count >= limits_.primitives.most;
  if (no_room || styles_.size() >= clsc::kMaxArgument || max_words > clsc::kMaxArgument) {
    out_of_room_ = no_room;
    header_.flags |= clsc::kTruncated;
    return false;
  }
  const std::uint32_t index = chunk_for(box);
  if (run_open_ && run_.chunk != index) end_run();
  if (!run_open_) begin_run(index);
  chunk().box.add(box);
  entity_box_.add(box);
  ++header_.primitive_count;
  return true;
}

void Artefact::use_style(const clsc::Style& style) {
  const auto [found, is_new] =
      style_index_.try_emplace(style, static_cast<std::uint32_t>(styles_.size()));
  if (is_new) styles_.push_back(style);
  if (found->second == style_) return;
  style_ = found->second;
  chunk().words.push_back(clsc::word_of(Op::style, style_));
}

template <class Body>
void Artefact::add_op(Op op, Body body) {
  Words& words = chunk().words;
  const std::size_t at = words.size();
  words.push_back(0);
  body(words);
  words[at] = clsc::word_of(op, words.size() - at - 1);
}

std::uint32_t Artefact::add_string(std::string_view text) {
  const auto offset = static_cast<std::uint32_t>(strings_.size());
  strings_.append(text);
  bytes_ += text.size();
  return offset;
}

// Room that a path may take: an arc that becomes cubics is the largest verb.
std::size_t room_for(const Path& path) {
  return 2 + path.verbs.size() / 4 + 2 * path.points.size() + path.arcs.size() * (32 * 6 + 8);
}

bool Artefact::begin_path(const Path& path, std::size_t extra_words) {
  if (path.empty() || path.verbs[0] != Verb::move) return false;
  return begin_primitive(extents(path), room_for(path) + extra_words);
}

void Artefact::stroke(const Path& path, const scene::Pen& pen) {
  if (!begin_path(path, 0)) return;
  use_style({clsc::StyleKind::stroke, 0, 0, pack(pen.color), pen.width_mm, pen.width_units, kNone});
  const std::size_t closes = path.verbs.back() == Verb::close ? 1 : 0;
  const auto rest = path.verbs.begin() + 1;
  const bool plain = path.verbs.size() > 1 + closes &&
                     std::all_of(rest, path.verbs.end() - static_cast<std::ptrdiff_t>(closes),
                                 [](Verb v) { return v == Verb::line; });
  if (plain) {
    chunk().words.push_back(
        clsc::word_of(closes ? Op::closed_polyline : Op::polyline, path.points.size()));
    for (const Vec2 p : path.points) add_point(p - chunk().origin);
    return;
  }
  add_op(Op::stroke_path, [&](Words& words) {
    clsc::append_path(path, chunk().origin, kMaxRadius * chunk().size, words);
  });
}

void Artefact::fill(const Path& path, scene::FillRule rule, const scene::Brush& brush) {
  const scene::Gradient* gradient = brush.gradient;
  const std::size_t stops = gradient ? std::min<std::size_t>(gradient->stops.size(), 256) : 0;
  if (!begin_path(path, 5 + 2 * stops)) return;
  use_style({clsc::StyleKind::fill, static_cast<std::uint8_t>(rule == scene::FillRule::even_odd), 0,
             pack(brush.color), 0, 0, kNone});
  add_op(stops > 0 ? Op::gradient_fill : Op::fill_path, [&](Words& words) {
    if (stops > 0) {
      words.push_back(static_cast<std::uint32_t>(stops << 1 | (gradient->radial ? 1 : 0)));
      add_point(gradient->from - chunk().origin);
      add_point(gradient->to - chunk().origin);
      for (std::size_t i = 0; i < stops; ++i) {
        words.push_back(clsc::to_word(gradient->stops[i].position));
        words.push_back(pack(gradient->stops[i].color));
      }
    }
    clsc::append_path(path, chunk().origin, kMaxRadius * chunk().size, words);
  });
}

std::uint32_t Artefact::face_index(const text::Face& face) {
  const auto [found, is_new] =
      face_index_.try_emplace(&face, static_cast<std::uint32_t>(faces_.size()));
  if (is_new) {
    const std::uint32_t offset = add_string(face.name());
    faces_.push_back({offset, static_cast<std::uint32_t>(face.name().size()),
                      static_cast<float>(face.cap_height()), static_cast<float>(face.ascent()),
                      static_cast<float>(face.descent())});
  }
  return found->second;
}

std::uint32_t Artefact::glyph_index(const text::Face& face, std::uint32_t id) {
  const std::uint32_t face_at = face_index(face);
  const std::uint64_t key = static_cast<std::uint64_t>(face_at) << 32 | id;
  const auto [found, is_new] =
      glyph_index_.try_emplace(key, static_cast<std::uint32_t>(glyphs_.size()));
  if (is_new) {
    const std::size_t first = outlines_.size();
    clsc::append_path(face.outline(id), {}, INFINITY, outlines_);
    bytes_ += 4 * (outlines_.size() - first);
    glyphs_.push_back({face_at, id, static_cast<std::uint32_t>(first),
                       static_cast<std::uint32_t>(outlines_.size() - first),
                       static_cast<float>(face.advance(id))});
  }
  return found->second;
}

void Artefact::glyphs(const scene::GlyphRun& run) {
  if (!run.face || run.glyphs.empty()) return;
  Box2 box;
  for (const Glyph& glyph : run.glyphs) {
    Box2 ink = run.face->extents(glyph.id);
    if (ink.empty()) continue;
    for (const Vec2 corner : {Vec2{ink.min_x, ink.min_y}, Vec2{ink.max_x, ink.min_y},
                              Vec2{ink.min_x, ink.max_y}, Vec2{ink.max_x, ink.max_y}})
      box.add(run.to_sheet(glyph.origin + corner));
  }
  if (!begin_primitive(box, 8 + 3 * run.glyphs.size() + run.text.size() / 4)) return;
  use_style({clsc::StyleKind::text, 0, 0, pack(run.color), run.embolden, 0, face_index(*run.face)});
  add_op(Op::glyphs, [&](Words& words) {
    const Affine& m = run.to_sheet;
    add_point({m.a, m.b});
    add_point({m.c, m.d});
    add_point(Vec2{m.e, m.f} - chunk().origin);
    words.push_back(add_string(run.text));
    words.push_back(static_cast<std::uint32_t>(run.text.size()));
    for (const Glyph& glyph : run.glyphs) {
      words.push_back(glyph_index(*run.face, glyph.id));
      add_point(glyph.origin);
    }
  });
}

void Artefact::image(const scene::ImageFrame& frame) {
  Box2 box;
  for (const Vec2 p : {frame.corner, frame.corner + frame.u, frame.corner + frame.v,
                       frame.corner + frame.u + frame.v})
    box.add(p);
  if (!begin_primitive(box, 8 + frame.path.size() / 4)) return;
  add_op(Op::image, [&](Words& words) {
    add_point(frame.corner - chunk().origin);
    add_point(frame.u);
    add_point(frame.v);
    words.push_back(add_string(frame.path));
    words.push_back(static_cast<std::uint32_t>(frame.path.size()));
  });
}

void Artefact::push_clip(const Path& path) {
  end_run();
  const std::size_t room = room_for(path);
  if (clip_stack_.size() >= clsc::kMaxClipDepth || bytes_ + 4 * room > max_bytes_) {
    header_.flags |= clsc::kTruncated;
    ++too_deep_;
    return;
  }
  const Box2 box = extents(path);
  const Vec2 at =
      box.empty() ? origin_ : Vec2{box.min_x / 2 + box.max_x / 2, box.min_y / 2 + box.max_y / 2};
  const std::size_t first = clip_paths_.size();
  const double size = box.empty() ? 1 : std::max(box.width(), box.height());
  clsc::append_path(path, at, kMaxRadius * size, clip_paths_);
  bytes_ += 4 * (clip_paths_.size() - first) + sizeof(clsc::Clip);
  clips_.push_back({at.x, at.y, clip_stack_.empty() ? kNone : clip_stack_.back(),
                    static_cast<std::uint32_t>(first),
                    static_cast<std::uint32_t>(clip_paths_.size() - first), 0});
  clip_stack_.push_back(static_cast<std::uint32_t>(clips_.size() - 1));
}

void Artefact::pop_clip() {
  end_run();
  if (too_deep_ > 0)
    --too_deep_;
  else if (!clip_stack_.empty())
    clip_stack_.pop_back();
}

Result<std::vector<std::uint8_t>> Artefact::finish() {
  end_entity();
  try {
    std::vector<clsc::Chunk> chunks;
    std::uint64_t offset = 0;
    for (const Chunk& chunk : chunks_) {
      clsc::Chunk record{chunk.origin.x, chunk.origin.y,        0, 0, 0, 0,
                         offset,         4 * chunk.words.size()};
      if (!chunk.box.empty()) set_box(record, chunk.box, chunk.origin);
      offset += record.bytes;
      chunks.push_back(record);
    }
    clsc::FileWriter file(header_);
    file.reserve(offset + 4 * (outlines_.size() + clip_paths_.size()) + strings_.size() +
                 entities_.size() * sizeof(clsc::Entity) + runs_.size() * sizeof(clsc::Run) +
                 chunks.size() * sizeof(clsc::Chunk) + styles_.size() * sizeof(clsc::Style) + 4096);
    file.section(clsc::kLayers, layers_);
    file.section(clsc::kStyles, styles_);
    file.section(clsc::kChunks, chunks);
    file.section(clsc::kFaces, faces_);
    file.section(clsc::kGlyphs, glyphs_);
    file.section(clsc::kClips, clips_);
    file.section(clsc::kEntities, entities_);
    file.section(clsc::kRuns, runs_);
    file.section(clsc::kOutlines, outlines_);
    file.section(clsc::kClipPaths, clip_paths_);
    file.begin(clsc::kStrings);
    file.append(strings_.data(), strings_.size());
    file.end(clsc::kStrings);
    file.begin(clsc::kGeometry);
    for (Chunk& chunk : chunks_) {
      file.append(chunk.words.data(), 4 * chunk.words.size());
      Words().swap(chunk.words);  // so that at most one copy of the whole exists
    }
    file.end(clsc::kGeometry);
    return file.finish();
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::limit_exceeded, "no memory left to write the scene");
  }
}

}  // namespace

std::unique_ptr<ArtefactSink> ArtefactSink::create(const Drawing& drawing, const Box2& view,
                                                   const Limits& limits, double mm_per_unit) {
  return std::make_unique<Artefact>(drawing, view, limits, mm_per_unit);
}

}  // namespace cad::render
