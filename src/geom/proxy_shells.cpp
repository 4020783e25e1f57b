// SPDX-License-Identifier: Apache-2.0
// MESH and SHELL of proxy graphics with what they say of their edges, faces and vertices.
#include <cstdlib>

#include "geom/proxy_graphics.hpp"

namespace cad {
namespace {

enum Has : std::uint32_t {
  kColors = 0x1,
  kLayers = 0x2,
  kLinetypes = 0x4,
  kMarkers = 0x20,
  kVisibilities = 0x40,
  kNormals = 0x80
};

constexpr std::size_t kMostPoints = 4'000'000;  // of one mesh or shell

std::optional<Color> color_of(std::uint32_t index) {
  if (index == 0) return Color{Color::Kind::by_block, 7, {}};
  if (index <= 255) return Color::aci(static_cast<std::uint8_t>(index));
  return {};
}

template <class Parts>
bool fits(ProxyBytes& in, const Parts& parts, std::size_t bytes_each) {
  return in.count(parts.size(), bytes_each) == parts.size() && in.ok();
}

template <class Parts>
void read_edge_or_face_traits(ProxyBytes& in, Parts& parts, bool of_faces) {
  const std::uint32_t flags = in.rl();
  const auto numbers = [&](std::uint32_t what) {
    return (flags & what) != 0 && fits(in, parts, 4);
  };
  if (numbers(kColors))
    for (auto& part : parts) part.color = color_of(in.rl());
  if (numbers(kLayers)) in.skip(parts.size() * 4);
  if (!of_faces && numbers(kLinetypes)) in.skip(parts.size() * 4);
  if (numbers(kMarkers)) in.skip(parts.size() * 4);
  if (of_faces && (flags & kNormals) != 0 && fits(in, parts, 24)) in.skip(parts.size() * 24);
  if (numbers(kVisibilities))
    for (auto& part : parts) part.visible = in.rl() != 0;
}

}  // namespace

ProxyShell read_proxy_mesh(ProxyBytes& in) {
  ProxyShell mesh;
  const std::uint32_t rows = in.rl();
  const std::uint32_t columns = in.rl();
  const std::size_t points = in.count(std::uint64_t{rows} * columns, 24);
  if (points > kMostPoints) in.fail();
  if (!in.ok()) return mesh;
  mesh.points.resize(points);
  for (Vec3& point : mesh.points) point = in.rd3();
  if (mesh.points.empty()) return mesh;
  const auto at = [&](std::uint32_t row, std::uint32_t column) { return row * columns + column; };
  for (std::uint32_t row = 0; row < rows; ++row)
    for (std::uint32_t column = 0; column + 1 < columns; ++column)
      mesh.edges.push_back({at(row, column), at(row, column + 1), {}, true});
  for (std::uint32_t row = 0; row + 1 < rows; ++row)
    for (std::uint32_t column = 0; column < columns; ++column)
      mesh.edges.push_back({at(row, column), at(row + 1, column), {}, true});
  for (std::uint32_t row = 0; row + 1 < rows; ++row)
    for (std::uint32_t column = 0; column + 1 < columns; ++column) {
      mesh.loops.push_back({static_cast<std::uint32_t>(mesh.corners.size()), 4, false, {}, true});
      for (const std::uint32_t corner :
           {at(row, column), at(row, column + 1), at(row + 1, column + 1), at(row + 1, column)})
        mesh.corners.push_back(corner);
    }
  read_edge_or_face_traits(in, mesh.edges, false);
  read_edge_or_face_traits(in, mesh.loops, true);
  return mesh;
}

// The list of faces: a number of corners, then these; a negative number: a hole in the last face.
ProxyShell read_proxy_shell(ProxyBytes& in) {
  ProxyShell shell;
  shell.points.resize(in.count(in.rl(), 24));
  for (Vec3& point : shell.points) point = in.rd3();
  std::size_t entries = in.count(in.rl(), 4);
  if (entries > kMostPoints) in.fail();
  while (entries > 0 && in.ok()) {
    const std::int64_t signed_count = static_cast<std::int32_t>(in.rl());
    const auto count = static_cast<std::size_t>(std::llabs(signed_count));
    --entries;
    if (count > entries) {
      in.fail();
      break;
    }
    entries -= count;
    const std::size_t first = shell.corners.size();
    for (std::size_t i = 0; i < count; ++i) {
      shell.corners.push_back(in.rl());
      if (shell.corners.back() >= shell.points.size()) in.fail();
    }
    shell.loops.push_back({static_cast<std::uint32_t>(first),
                           static_cast<std::uint32_t>(count),
                           signed_count < 0 && first > 0,
                           {},
                           true});
    for (std::size_t i = 0; i < count; ++i)
      shell.edges.push_back(
          {shell.corners[first + i], shell.corners[first + (i + 1) % count], {}, true});
  }
  read_edge_or_face_traits(in, shell.edges, false);
  read_edge_or_face_traits(in, shell.loops, true);
  return shell;
}

}  // namespace cad
