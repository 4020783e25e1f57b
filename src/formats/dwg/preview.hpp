// SPDX-License-Identifier: Apache-2.0
// AcDb:Preview: the thumbnail that the saving program put into the drawing (ODA chapter 14).
#pragma once

#include <optional>

#include "formats/dwg/container/sections.hpp"

namespace cad::dwg {

struct PreviewImage {
  enum class Kind : std::uint8_t {
    bitmap = 2,    // BMP without its file header: BITMAPINFOHEADER, colors, pixels
    metafile = 3,  // WMF
    png = 6        // from 2013 on
  };
  Kind kind = Kind::bitmap;
  Bytes data;  // of the file or the sections
};

// None when the drawing has no image, or says of it what cannot be.
std::optional<PreviewImage> embedded_preview(Bytes file, const FileHead& head,
                                             const Sections& sections);

}  // namespace cad::dwg
