// SPDX-License-Identifier: Apache-2.0
#include "web/site.hpp"

#include <algorithm>
#include <optional>

namespace cad::web {
namespace {

// How many segments the pattern leaves open; none: it is about other paths.
std::optional<std::size_t> open_segments(std::string_view pattern,
                                         std::span<const std::string> segments) {
  std::size_t open = 0;
  for (const std::string& segment : segments) {
    if (!pattern.starts_with('/')) return std::nullopt;
    pattern.remove_prefix(1);
    const std::string_view piece = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(piece.size());
    const bool is_open = piece.starts_with(':') && !segment.empty();
    if (!is_open && piece != segment) return std::nullopt;
    if (is_open) ++open;
  }
  return pattern.empty() ? std::optional(open) : std::nullopt;
}

}  // namespace

const File* find_file(const Site& site, std::string_view path) {
  const auto found = std::ranges::lower_bound(site.files, path, {}, &File::path);
  return found != site.files.end() && found->path == path ? &*found : nullptr;
}

const File* find_document(const Site& site, const std::vector<std::string>& segments) {
  std::span<const std::string> path(segments);
  const std::size_t last = path.size() - 1;
  if (last > 0 && path[last].empty() && !path[last - 1].empty()) path = path.first(last);
  const File* best = nullptr;
  std::size_t best_open = 0;
  for (const Document& document : site.documents) {
    const auto open = open_segments(document.pattern, path);
    if (!open || (best != nullptr && *open >= best_open)) continue;
    best = document.file;
    best_open = *open;
  }
  return best;
}

}  // namespace cad::web
