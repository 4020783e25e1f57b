// SPDX-License-Identifier: Apache-2.0
#include "base/parts.hpp"

namespace cad {

std::string_view to_string(PartKind kind) {
  switch (kind) {
    case PartKind::result: return "result";
    case PartKind::slots: return "slots";
    case PartKind::blocks: return "blocks";
    case PartKind::xdata: return "xdata";
    case PartKind::index: return "index";
    case PartKind::summary: return "summary";
    case PartKind::png: return "png";
    case PartKind::scene: return "scene";
    case PartKind::thumbnail: return "thumbnail";
  }
  return "unknown";
}

}  // namespace cad
