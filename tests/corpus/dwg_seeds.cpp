// SPDX-License-Identifier: Apache-2.0
// Seeds for dwg_objects_fuzz from real drawings: dwg_seeds FOLDER FILE...
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "formats/dwg/container/sections.hpp"
#include "formats/dwg/object_map.hpp"
#include "formats/dwg/testing/object_stream.hpp"

namespace {

using namespace cad;
using namespace cad::dwg;

constexpr std::size_t kObjects = 60;  // of one seed
constexpr std::size_t kSeeds = 8;     // of one drawing

void write_seeds(const std::string& folder, const std::string& path, std::size_t number) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<char> content{std::istreambuf_iterator<char>(in), {}};
  const Bytes file = std::as_bytes(std::span(content));
  const auto version = version_of(file);
  if (!version) return;
  FileHead head;
  head.version = *version;
  head.maintenance = u8(file, 0x0B);
  const Limits limits;
  Diagnostics diagnostics;
  const auto sections = open_sections(file, head, {limits, diagnostics});
  if (!sections) return;
  const Bytes objects = (*sections)[SectionId::objects];
  const ObjectMap map =
      read_object_map((*sections)[SectionId::object_map], objects.size(), diagnostics);
  const std::size_t parts = (map.places.size() + kObjects - 1) / kObjects;
  for (std::size_t part = 0; part < parts; part += 1 + parts / kSeeds) {
    std::vector<std::uint64_t> offsets;
    for (std::size_t i = part * kObjects; i < map.places.size() && offsets.size() < kObjects; ++i)
      offsets.push_back(map.places[i].offset);
    const auto seed = testing::unframe_objects(*version, objects, offsets);
    const std::string name = folder + "/" + std::to_string(number) + "_" + std::to_string(part);
    std::ofstream(name, std::ios::binary)
        .write(reinterpret_cast<const char*>(seed.data()),
               static_cast<std::streamsize>(seed.size()));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  for (int i = 2; i < argc; ++i) write_seeds(argv[1], argv[i], static_cast<std::size_t>(i));
  return 0;
}
