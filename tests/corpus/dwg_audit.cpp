// SPDX-License-Identifier: Apache-2.0
// Reads DWG files and tells how completely: dwg_audit [--leftovers] FILE...
// Exits 1 when an object of a file is not accounted for: objects of the map = entities + structure
// + non-graphical objects + those that warnings count.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "formats/dwg/census.hpp"
#include "formats/dwg/format.hpp"

namespace {

std::vector<char> content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Entities of the model, counted apart from the reader's own count.
std::uint64_t count_entities(const std::vector<cad::Entity>& entities) {
  std::uint64_t count = entities.size();
  for (const cad::Entity& entity : entities)
    if (const auto* insert = std::get_if<cad::Indirect<cad::Insert>>(&entity.geometry))
      count += (*insert)->attributes.size();
  return count;
}

void print_leftovers(const cad::dwg::Audit& audit) {
  std::map<std::tuple<std::string_view, std::uint64_t, std::uint64_t, std::uint64_t>,
           std::pair<std::uint64_t, cad::Handle>>
      groups;
  for (const auto& left : audit.leftovers) {
    auto& group = groups[{left.type, left.data, left.strings, left.handles}];
    ++group.first;
    group.second = left.handle;
  }
  for (const auto& [key, group] : groups)
    std::printf("  left %s: data %llu strings %llu handles %llu (%llu times, handle %llX)\n",
                std::string(std::get<0>(key)).c_str(),
                static_cast<unsigned long long>(std::get<1>(key)),
                static_cast<unsigned long long>(std::get<2>(key)),
                static_cast<unsigned long long>(std::get<3>(key)),
                static_cast<unsigned long long>(group.first),
                static_cast<unsigned long long>(group.second));
}

bool audit_file(const std::string& path, bool leftovers) {
  const std::vector<char> content = content_of(path);
  cad::Limits limits;
  cad::Diagnostics diagnostics;
  cad::dwg::Audit audit;
  const auto drawing =
      cad::dwg::read(std::as_bytes(std::span(content)), {limits, diagnostics}, audit);
  if (!drawing) {
    std::printf("REFUSED %s: %s\n", path.c_str(), drawing.error().message.c_str());
    return true;
  }
  std::uint64_t entities = 0, declared = 0;
  for (const cad::Block& block : drawing->blocks) entities += count_entities(block.entities);
  const auto& census = audit.census;
  declared = census.declared;
  const bool ok = census.balanced() && entities == census.entities;
  std::printf(
      "%s %s: %llu objects = %llu entities (model %llu) + %llu structure + %llu other + "
      "%llu declared; %llu read to the last bit, %zu not\n",
      ok ? "ok" : "UNBALANCED", path.c_str(), static_cast<unsigned long long>(census.objects),
      static_cast<unsigned long long>(census.entities), static_cast<unsigned long long>(entities),
      static_cast<unsigned long long>(census.structure),
      static_cast<unsigned long long>(census.nongraphic), static_cast<unsigned long long>(declared),
      static_cast<unsigned long long>(audit.complete), audit.leftovers.size());
  if (leftovers) {
    print_leftovers(audit);
    for (const auto& diagnostic : diagnostics.all())
      std::printf("  says %s\n", cad::to_sentence(diagnostic).c_str());
  }
  return ok;
}

}  // namespace

int main(int argc, char** argv) {
  bool leftovers = false, ok = true;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--leftovers") {
      leftovers = true;
    } else {
      ok = audit_file(argument, leftovers) && ok;
    }
  }
  return ok ? 0 : 1;
}
