// SPDX-License-Identifier: Apache-2.0
#include "render/artefact.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "render/artefact_reader.hpp"
#include "render/test_support.hpp"

namespace cad::render {
namespace {

const FakeFace& face() {
  static const FakeFace fake;
  return fake;
}

Drawing two_layers() {
  Drawing drawing;
  Layer walls;
  walls.name = "Walls \xC3\xA4";
  walls.handle = 0x1F;
  walls.color = Color::aci(1);
  Layer hidden;
  hidden.name = "hidden";
  hidden.off = true;
  hidden.plottable = false;
  hidden.color = {Color::Kind::rgb, 30, {10, 20, 30}};
  drawing.layers = {walls, hidden};
  return drawing;
}

// One of each primitive, shifted.
void draw_all(scene::Sink& sink, Vec2 shift = {}) {
  const auto at = [&](double x, double y) { return Vec2{x, y} + shift; };
  const scene::Rgba red{255, 0, 0, 255}, blue{0, 0, 255, 128};
  sink.begin_entity({0, 0xA0, LayerId{0}});
  sink.stroke(line(at(5, 5), at(95, 60)), {red, 0, 0});
  sink.stroke(circle(at(50, 50), 30), {red, 0.5f, 0});
  sink.begin_entity({0, 0xA0, LayerId{1}});  // an insert's other layer
  Path curve;
  curve.move_to(at(10, 90));
  curve.cubic_to(at(30, 60), at(60, 99), at(90, 80));
  curve.close();
  sink.stroke(curve, {blue, 0, 3});
  sink.push_clip(circle(at(50, 50), 40));
  sink.begin_entity({1, 0xA1, LayerId{0}});
  sink.fill(rectangle(shift.x + 20, shift.y + 20, shift.x + 60, shift.y + 60),
            scene::FillRule::even_odd, {blue, nullptr});
  sink.push_clip(rectangle(shift.x + 40, shift.y + 40, shift.x + 90, shift.y + 70));
  scene::Gradient gradient;
  gradient.radial = true;
  gradient.from = at(65, 55);
  gradient.to = at(75, 55);
  gradient.stops = {{0, red}, {0.5f, {0, 255, 0, 255}}, {1, blue}};
  sink.fill(rectangle(shift.x, shift.y, shift.x + 100, shift.y + 100), scene::FillRule::non_zero,
            {red, &gradient});
  sink.pop_clip();
  sink.pop_clip();
  sink.begin_entity({7, 0, LayerId{}});
  scene::GlyphRun run;
  run.face = &face();
  run.to_sheet = {8, 1, -1, 8, 20 + shift.x, 70 + shift.y};
  run.color = red;
  run.embolden = 0.02f;
  run.glyphs = {{2, {0, 0}}, {0, {1.25, 0}}, {1, {2.5, 0.5}}};
  run.text = "o \xE2\x96\xA0";
  sink.glyphs(run);
  sink.image({at(5, 5), {20, 0}, {0, 15}, "a/b.png"});
}

std::vector<std::uint8_t> write(const Box2& view, Vec2 shift = {}) {
  const auto sink = ArtefactSink::create(two_layers(), view, {}, 25.4);
  draw_all(*sink, shift);
  return *sink->finish();
}

struct Recorder final : scene::Sink {
  std::vector<scene::EntityRef> refs;
  std::vector<Path> strokes;
  std::vector<scene::Pen> pens;
  std::vector<std::string> texts, images;
  std::vector<std::uint32_t> glyph_ids;
  int fills = 0, clips = 0;
  void begin_entity(const scene::EntityRef& ref) override { refs.push_back(ref); }
  void stroke(const Path& path, const scene::Pen& pen) override {
    strokes.push_back(path);
    pens.push_back(pen);
  }
  void fill(const Path&, scene::FillRule, const scene::Brush&) override { ++fills; }
  void glyphs(const scene::GlyphRun& run) override {
    texts.emplace_back(run.text);
    for (const Glyph& glyph : run.glyphs) glyph_ids.push_back(glyph.id);
  }
  void image(const scene::ImageFrame& frame) override { images.emplace_back(frame.path); }
  void push_clip(const Path&) override { ++clips; }
  void pop_clip() override { --clips; }
};

TEST(Artefact, HoldsLayersEntitiesAndHandles) {
  const auto bytes = write({0, 0, 100, 100});
  const auto reader = ArtefactReader::open(bytes).value();
  ASSERT_EQ(reader.layers().size(), 2u);
  const clsc::Layer& walls = reader.layers()[0];
  EXPECT_EQ(reader.string(walls.name_offset, walls.name_bytes), "Walls \xC3\xA4");
  EXPECT_EQ(walls.handle, 0x1Fu);
  EXPECT_EQ(walls.flags, 1u | 16u);
  EXPECT_EQ(walls.color, 0x010000ffu);  // ACI 1, red
  EXPECT_EQ(reader.layers()[1].flags, 2u | 32u);
  EXPECT_EQ(reader.layers()[1].color, 0x1e1e140au);

  ASSERT_EQ(reader.entities().size(), 3u);
  EXPECT_EQ(reader.entities()[0].handle, 0xA0u);
  EXPECT_EQ(reader.entities()[1].index, 1u);
  EXPECT_EQ(reader.entities()[2].index, 7u);
  EXPECT_EQ(reader.header().primitive_count, 7u);
  EXPECT_EQ(reader.header().flags, 0u);
  EXPECT_EQ(reader.view(), (Box2{0, 0, 100, 100}));
  EXPECT_EQ(reader.header().mm_per_unit, 25.4);
  // Only used glyphs, each once.
  EXPECT_EQ(reader.glyphs().size(), 3u);
}

TEST(Artefact, EntityBoxesContainWhatIsDrawn) {
  const auto bytes = write({0, 0, 100, 100});
  const auto reader = ArtefactReader::open(bytes).value();
  const clsc::Entity& second = reader.entities()[1];  // the fills
  const Vec2 origin{reader.header().origin_x, reader.header().origin_y};
  EXPECT_LE(second.min_x + origin.x, 0);
  EXPECT_GE(second.max_x + origin.x, 100);
  EXPECT_NEAR(second.max_y + origin.y, 100, 1e-4);
  const clsc::Entity& third = reader.entities()[2];  // text and image
  EXPECT_NEAR(third.min_x + origin.x, 5, 1e-4);
  EXPECT_NEAR(third.min_y + origin.y, 5, 1e-4);
}

TEST(Artefact, ReplayGivesTheSamePrimitivesLayersAndTexts) {
  const auto bytes = write({0, 0, 100, 100});
  const auto reader = ArtefactReader::open(bytes).value();
  Recorder seen;
  reader.replay(seen);
  ASSERT_EQ(seen.strokes.size(), 3u);
  EXPECT_EQ(seen.strokes[0].verbs, (std::vector{Verb::move, Verb::line}));
  EXPECT_EQ(seen.strokes[1].verbs, (std::vector{Verb::move, Verb::arc}));  // kept as an arc
  EXPECT_EQ(seen.strokes[2].verbs, (std::vector{Verb::move, Verb::cubic, Verb::close}));
  EXPECT_EQ(seen.pens[1].width_mm, 0.5f);
  EXPECT_EQ(seen.pens[2].width_units, 3);
  EXPECT_EQ(seen.pens[2].color, (scene::Rgba{0, 0, 255, 128}));
  EXPECT_EQ(seen.fills, 2);
  EXPECT_EQ(seen.clips, 0);  // every push has its pop
  EXPECT_THAT(seen.texts, testing::ElementsAre("o \xE2\x96\xA0"));
  EXPECT_THAT(seen.glyph_ids, testing::ElementsAre(2, 0, 1));
  EXPECT_THAT(seen.images, testing::ElementsAre("a/b.png"));
  EXPECT_EQ(seen.refs.front().layer.index, 0u);
  EXPECT_EQ(seen.refs.back().layer.index, LayerId::kNone);
}

TEST(Artefact, DrawnAgainItLooksLikeTheDrawing) {
  const Box2 view{0, 0, 100, 100};
  const auto direct = *PngSink::create(view, {}, {});
  draw_all(*direct);
  const auto bytes = write(view);
  const auto replayed = *PngSink::create(view, {}, {});
  ArtefactReader::open(bytes).value().replay(*replayed);
  const Picture a = picture_of(*direct), b = picture_of(*replayed);
  ASSERT_EQ(a.rgb.size(), b.rgb.size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) different += std::abs(a.rgb[i] - b.rgb[i]) > 8;
  EXPECT_LT(different, a.rgb.size() / 100'000);
}

// Largest distance of the replayed strokes' points from the true ones.
double largest_error(const std::vector<Path>& truth, const Box2& view) {
  const auto sink = ArtefactSink::create({}, view, {});
  std::uint32_t index = 0;
  for (const Path& path : truth) {
    sink->begin_entity({index++, 0, LayerId{}});
    sink->stroke(path, {{}, 0, 0});
  }
  const auto bytes = *sink->finish();
  Recorder seen;
  ArtefactReader::open(bytes).value().replay(seen);
  EXPECT_EQ(seen.strokes.size(), truth.size());
  double worst = 0;
  for (std::size_t i = 0; i < truth.size(); ++i)
    for (std::size_t k = 0; k < truth[i].points.size(); ++k)
      worst = std::max(worst, length(seen.strokes[i].points[k] - truth[i].points[k]));
  return worst;
}

TEST(Artefact, KeepsItsPromiseOfPrecision) {
  for (const Vec2 corner : {Vec2{0, 0}, Vec2{1e9, -4e8}}) {
    const double size = 10'000;
    const Box2 view{corner.x, corner.y, corner.x + size, corner.y + size};
    std::vector<Path> small, large;
    for (int i = 0; i < 200; ++i) {
      const Vec2 at =
          corner + Vec2{std::fmod(i * 137.51, size - 50), std::fmod(i * 91.37, size - 50)};
      small.push_back(line(at, at + Vec2{i * 0.173, 31.7 - i * 0.1}));
      small.push_back(circle(at, 0.1 + i * 0.7));
      large.push_back(line(corner + Vec2{i * 3.7, 0.1}, corner + Vec2{size - 0.1, size - i * 7.3}));
      large.push_back(circle(corner + Vec2{size / 2 + 0.1, size / 2}, size / 2 - i * 1.1));
    }
    // A double at 1e9 itself is 1.2e-7 fine.
    const double slack = corner.x > 0 ? 2.4e-7 : 0;
    EXPECT_LT(largest_error(small, view), 1e-8 * size + slack);
    EXPECT_LT(largest_error(large, view), 3e-7 * size + slack);
  }
}

TEST(Artefact, HugeArcsPassWhereTheyShould) {
  // Nearly straight: the float of its center and angles would be off by thousands.
  const Box2 view{0, 0, 100, 100};
  const EllipticArc arc{
      {50, -1e10}, {1e10 + 50, 0}, {0, 1e10 + 50}, M_PI / 2 + 6e-9, M_PI / 2 - 6e-9};
  Path path;
  path.move_to(arc.center + arc.u * std::cos(arc.t0) + arc.v * std::sin(arc.t0));
  path.arc_to(arc);
  const auto sink = ArtefactSink::create({}, view, {});
  sink->stroke(path, {{}, 0, 0});
  Recorder seen;
  ArtefactReader::open(*sink->finish()).value().replay(seen);
  ASSERT_EQ(seen.strokes.size(), 1u);
  EXPECT_TRUE(seen.strokes[0].arcs.empty());
  for (const Vec2 p : seen.strokes[0].points) EXPECT_NEAR(p.y, 50, 1e-4);
}

TEST(Artefact, OutlineOfAGlyphIsStoredOncePerFace) {
  const auto sink = ArtefactSink::create({}, {0, 0, 100, 100}, {});
  scene::GlyphRun run;
  run.face = &face();
  run.to_sheet = {1, 0, 0, 1, 50, 50};
  for (int i = 0; i < 100; ++i) run.glyphs.push_back({2, {i * 1.0, 0}});
  for (int i = 0; i < 50; ++i) sink->glyphs(run);
  const auto bytes = *sink->finish();
  const auto reader = ArtefactReader::open(bytes).value();
  EXPECT_EQ(reader.glyphs().size(), 1u);
  EXPECT_EQ(reader.header().primitive_count, 50u);
}

TEST(Artefact, LimitsCutAndSaySo) {
  Limits limits;
  limits.primitives.most = 10;
  const auto sink = ArtefactSink::create({}, {0, 0, 100, 100}, limits);
  for (int i = 0; i < 20; ++i) sink->stroke(line({0, 0}, {1.0 * i + 1, 1}), {{}, 0, 0});
  const auto bytes = *sink->finish();
  const auto reader = ArtefactReader::open(bytes).value();
  EXPECT_EQ(reader.header().primitive_count, 10u);
  EXPECT_EQ(reader.header().flags, clsc::kTruncated);
}

TEST(Artefact, S18_ASceneGrowsWithWhatTheDrawingStores) {
  Limits limits;
  limits.scene_bytes = {1u << 20, 4096, 256, 0};
  const auto kept = [&](const Drawing& drawing) {
    const auto sink = ArtefactSink::create(drawing, {0, 0, 100, 100}, limits);
    for (int i = 0; i < 10'000 && !sink->full(); ++i)
      sink->stroke(line({0, 0}, {i * 0.01, 1}), {{}, 0, 0});
    const auto bytes = *sink->finish();
    const auto reader = ArtefactReader::open(bytes).value();
    EXPECT_EQ(reader.header().flags, sink->full() ? clsc::kTruncated : 0u);
    return reader.header().primitive_count;
  };
  Drawing drawing;
  const auto small = kept(drawing);
  EXPECT_LT(small, 200u);
  drawing.blocks.resize(1);
  drawing.blocks[0].entities.resize(100);
  EXPECT_GT(kept(drawing), 5 * small);
  drawing.blocks[0].entities.resize(10'000);
  EXPECT_EQ(kept(drawing), 10'000u);
}

TEST(Artefact, EmptySheetIsAValidFile) {
  const auto bytes = *ArtefactSink::create({}, {}, {})->finish();
  const auto reader = ArtefactReader::open(bytes).value();
  EXPECT_TRUE(reader.view().empty());
  EXPECT_TRUE(reader.entities().empty());
}

TEST(Artefact, SameDrawingSameBytes) {
  EXPECT_EQ(write({0, 0, 100, 100}), write({0, 0, 100, 100}));
}

TEST(ArtefactReader, RefusesOtherVersionsAndShortFiles) {
  auto bytes = write({0, 0, 100, 100});
  for (const std::size_t size : {0u, 3u, 127u, 200u}) {
    const auto result = ArtefactReader::open(std::span(bytes).first(size));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::damaged_drawing);
  }
  EXPECT_FALSE(ArtefactReader::open(std::span(bytes).first(bytes.size() - 1)));
  bytes[4] = 2;
  EXPECT_EQ(ArtefactReader::open(bytes).error().code, ErrorCode::unsupported_version);
}

TEST(ArtefactReader, AnyDamagedByteIsRefusedOrHarmless) {
  const auto original = write({0, 0, 100, 100});
  std::size_t refused = 0;
  for (std::size_t i = 0; i < original.size(); ++i)
    for (const int flip : {0x01, 0x80, 0xff}) {
      auto bytes = original;
      bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ flip);
      const auto reader = ArtefactReader::open(bytes);
      if (!reader) {
        ++refused;
        continue;
      }
      Recorder seen;
      reader->replay(seen);
      ASSERT_EQ(seen.clips, 0);
    }
  EXPECT_GT(refused, original.size() / 2);
}

}  // namespace
}  // namespace cad::render
