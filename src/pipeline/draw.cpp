// SPDX-License-Identifier: Apache-2.0
#include "pipeline/draw.hpp"

#include <algorithm>

#include "pipeline/paper.hpp"
#include "render/artefact.hpp"
#include "render/png.hpp"

namespace cad {
namespace {

Result<void> send(PartSink& out, PartKind kind, std::uint32_t number,
                  const Result<std::vector<std::uint8_t>>& bytes) {
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  return out.write(kind, number, std::as_bytes(std::span(*bytes)));
}

Result<void> send_image(PartSink& out, std::uint32_t number, render::PngSink& png,
                        std::uint32_t thumbnail_px) {
  CAD_ASSIGN(auto encoded, png.encode(thumbnail_px));
  CAD_TRY(send(out, PartKind::png, number, std::move(encoded.image)));
  if (!encoded.thumbnail) return {};
  return send(out, PartKind::thumbnail, 0, std::move(*encoded.thumbnail));
}

}  // namespace

constexpr std::uint32_t kCoarser = 8, kLeastPx = 64;

// Again and smaller, as the drawing paints over itself too often: the whole of it, coarsely.
Result<std::unique_ptr<render::PngSink>> draw_coarsely(const scene::SceneContext& scene,
                                                       const Layout& layout, const Box2& view,
                                                       render::PngOptions image) {
  image.longer_side_px = std::max(image.longer_side_px / kCoarser, kLeastPx);
  CAD_ASSIGN(auto png, render::PngSink::create(view, image, scene.limits));
  Diagnostics said_before(0);  // by the pass that gave up
  const scene::SceneContext quiet{scene.drawing, scene.fonts, scene.limits, said_before,
                                  scene.options};
  scene::draw_layout(quiet, layout, *png);
  if (png->overworked()) {
    scene.diagnostics.warn("PREVIEW_CUT", layout.name,
                           "The sheet paints over itself too often to be drawn; the preview lacks "
                           "what is drawn last.");
  } else {
    scene.diagnostics.warn("PREVIEW_COARSE", layout.name,
                           "The sheet paints over itself so often that its preview is smaller than "
                           "others.");
  }
  return png;
}

Result<bool> draw_sheet(const scene::SceneContext& scene, const Layout& layout, const Box2& view,
                        std::uint32_t number, const ParseOptions& options,
                        std::uint32_t thumbnail_px, PartSink& out) {
  if (view.empty()) return false;
  std::unique_ptr<render::PngSink> png;
  std::unique_ptr<render::ArtefactSink> artefact;
  render::PngOptions image;
  if (options.png) {
    image.longer_side_px = options.image_px;
    image.background = options.background;
    image.mm_per_unit = mm_per_unit(layout);
    image.max_work = allowed(scene.limits.png_work, scene.drawing);
    CAD_ASSIGN(png, render::PngSink::create(view, image, scene.limits));
  }
  if (options.scene)
    artefact = render::ArtefactSink::create(scene.drawing, view, scene.limits, mm_per_unit(layout));
  if (png && artefact) {
    render::TeeSink both(*png, *artefact);
    scene::draw_layout(scene, layout, both);
  } else if (png) {
    scene::draw_layout(scene, layout, *png);
  } else {
    scene::draw_layout(scene, layout, *artefact);
  }
  if (png && png->overworked()) {
    CAD_ASSIGN(png, draw_coarsely(scene, layout, view, image));
  }
  if (png) CAD_TRY(send_image(out, number, *png, thumbnail_px));
  if (artefact && artefact->full())
    scene.diagnostics.warn("SCENE_CUT", layout.name,
                           "The sheet has more to show than its scene may hold; the scene lacks "
                           "what is drawn last.");
  if (artefact) CAD_TRY(send(out, PartKind::scene, number, artefact->finish()));
  return true;
}

}  // namespace cad
