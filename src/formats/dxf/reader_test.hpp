// SPDX-License-Identifier: Apache-2.0
// Reading DXF snippets in tests.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "formats/dxf/format.hpp"

namespace cad::dxf {

struct Read {
  Drawing drawing;
  Diagnostics diagnostics;
  const std::vector<Entity>& model() const {
    return drawing.at(drawing.layouts.at(0).block).entities;
  }
  const Diagnostic* diagnostic(std::string_view code) const {
    for (const Diagnostic& d : diagnostics.all())
      if (d.code == code) return &d;
    return nullptr;
  }
};

inline Read read_text(std::string_view text, const Limits& limits = {}) {
  Read out;
  const ReadContext context{limits, out.diagnostics};
  auto drawing = read(std::as_bytes(std::span(text.data(), text.size())), context);
  if (!drawing) {
    ADD_FAILURE() << drawing.error().message;
    out.drawing.layouts.resize(1);
    out.drawing.blocks.resize(1);
    out.drawing.layouts[0].block = BlockId{0};
    return out;
  }
  out.drawing = std::move(*drawing);
  return out;
}

// The groups inside an ENTITIES section.
inline Read read_entities(std::string_view groups, const Limits& limits = {}) {
  return read_text("0\nSECTION\n2\nENTITIES\n" + std::string(groups) + "0\nENDSEC\n0\nEOF\n",
                   limits);
}

}  // namespace cad::dxf
