// SPDX-License-Identifier: Apache-2.0
// Any bytes as a scene artefact; what passes the reader is drawn into a small image and written
// again.
#include "render/artefact.hpp"
#include "render/artefact_reader.hpp"
#include "render/png.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cad;
  const auto reader = render::ArtefactReader::open({data, size});
  if (!reader) return 0;
  Limits limits;
  limits.primitives.most = 10'000;
  render::PngOptions options;
  options.longer_side_px = 64;
  if (const auto png = render::PngSink::create(reader->view(), options, limits)) {
    reader->replay(**png);
    (void)(*png)->encode();
  }
  const auto again = render::ArtefactSink::create({}, reader->view(), limits);
  reader->replay(*again);
  if (const auto bytes = again->finish())
    if (!render::ArtefactReader::open(*bytes)) __builtin_trap();  // we write what we can read
  return 0;
}
