// SPDX-License-Identifier: Apache-2.0
// Reading DXF snippets in tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

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

// "code value" lines as groups: each on two lines, as in a file. Blanks before the code are layout.
inline std::string groups(std::string_view lines) {
  std::string out;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.empty()) continue;
    const std::size_t blank = std::min(line.find(' '), line.size());
    out += line.substr(0, blank);
    out += '\n';
    if (blank < line.size()) out += line.substr(blank + 1);
    out += '\n';
  }
  return out;
}

// The first entity of the model space, which must be of this kind.
template <class T>
const T& first(const Read& read) {
  static const T kNone{};
  if (read.model().empty()) {
    ADD_FAILURE() << "nothing was read";
    return kNone;
  }
  const T* found = nullptr;
  std::visit(
      [&]<class G>(const G& geometry) {
        if constexpr (std::is_same_v<G, T>) found = &geometry;
        if constexpr (std::is_same_v<G, Indirect<T>>) found = &*geometry;
      },
      read.model()[0].geometry);
  if (found) return *found;
  ADD_FAILURE() << "read as " << type_name(read.model()[0]);
  return kNone;
}

}  // namespace cad::dxf
