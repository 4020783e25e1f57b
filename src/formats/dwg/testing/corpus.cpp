// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/testing/corpus.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>

namespace cad::dwg::testing {

namespace fs = std::filesystem;

std::vector<fs::path> corpus_drawings(const fs::path& project) {
  const char* named = std::getenv("CADLENS_CORPUS");
  const fs::path corpus = named != nullptr ? fs::path(named) : project / "../shared/corpus";
  std::vector<fs::path> files;
  std::error_code ignored;
  for (fs::recursive_directory_iterator it(corpus / "dwg", ignored), end; it != end;
       it.increment(ignored))
    if (it->is_regular_file() && it->path().extension() == ".dwg") files.push_back(it->path());
  std::ranges::sort(files);
  return files;
}

std::vector<std::byte> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
  return {data, data + bytes.size()};
}

bool corpus_is_required() {
  const char* ci = std::getenv("CI");
  return ci != nullptr && std::string_view(ci) == "true";
}

}  // namespace cad::dwg::testing
