// SPDX-License-Identifier: Apache-2.0
#include "pipeline/draw.hpp"

#include "render/artefact.hpp"
#include "render/png.hpp"

namespace cad {
namespace {

// Paper is measured in millimeters or inches, so lineweights have a true width there.
double mm_per_unit(const Layout& layout) {
  if (layout.is_model) return 0;
  return layout.plot_units == 0 ? 25.4 : 1;
}

Result<void> send(PartSink& out, PartKind kind, std::uint32_t number,
                  const Result<std::vector<std::uint8_t>>& bytes) {
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  return out.write(kind, number, std::as_bytes(std::span(*bytes)));
}

}  // namespace

Result<void> draw_sheet(const scene::SceneContext& scene, const Layout& layout, const Box2& view,
                        std::uint32_t number, const ParseOptions& options, PartSink& out) {
  if (view.empty()) return {};
  std::unique_ptr<render::PngSink> png;
  std::unique_ptr<render::ArtefactSink> artefact;
  if (options.png) {
    render::PngOptions image;
    image.longer_side_px = options.image_px;
    image.background = options.background;
    image.mm_per_unit = mm_per_unit(layout);
    CAD_ASSIGN(png, render::PngSink::create(view, image, scene.limits));
  }
  if (options.scene) artefact = render::ArtefactSink::create(scene.drawing, view, scene.limits);
  if (png && artefact) {
    render::TeeSink both(*png, *artefact);
    scene::draw_layout(scene, layout, both);
  } else if (png) {
    scene::draw_layout(scene, layout, *png);
  } else {
    scene::draw_layout(scene, layout, *artefact);
  }
  if (png) CAD_TRY(send(out, PartKind::png, number, png->encode()));
  if (artefact) CAD_TRY(send(out, PartKind::scene, number, artefact->finish()));
  return {};
}

}  // namespace cad
