// SPDX-License-Identifier: Apache-2.0
// Drawings of other people's programs: each is recognized as what its folder says.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "formats/format.hpp"
#include "test_paths.hpp"

namespace cad {
namespace {

namespace fs = std::filesystem;

fs::path corpus() {
  const char* named = std::getenv("CADLENS_CORPUS");
  return named != nullptr ? fs::path(named) : fs::path(test_paths::source_dir) / "../shared/corpus";
}

std::vector<char> head_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> head(kSniffBytes);
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  return head;
}

TEST(Sniff, S16_every_drawing_of_the_corpus_is_what_it_is) {
  const std::map<std::string, FormatId> folders{{"dxf", FormatId::dxf}, {"dwg", FormatId::dwg},
                                                {"dwf", FormatId::dwf}, {"dwfx", FormatId::dwfx},
                                                {"dgn", FormatId::dgn}, {"pdf", FormatId::pdf}};
  std::size_t seen = 0;
  for (const auto& [folder, id] : folders) {
    std::error_code absent;
    for (fs::recursive_directory_iterator it(corpus() / folder, absent), end; it != end;
         it.increment(absent)) {
      if (!it->is_regular_file()) continue;
      const std::vector<char> head = head_of(it->path());
      const Format* const format = sniff(std::as_bytes(std::span(head)));
      if (it->path().filename() == "mleader-yellow.dxf") {  // no DXF in spite of its name
        EXPECT_EQ(format, nullptr);
        continue;
      }
      ASSERT_NE(format, nullptr) << it->path();
      EXPECT_EQ(format->id, id) << it->path() << " is taken for " << format->name;
      EXPECT_EQ(format->name == "DGN V8", it->path().filename() == "testDGN8.dgn") << it->path();
      ++seen;
    }
  }
  if (seen > 0) return;
  const char* ci = std::getenv("CI");
  ASSERT_FALSE(ci != nullptr && std::string(ci) == "true") << "no corpus at " << corpus();
  GTEST_SKIP() << "no corpus at " << corpus();
}

}  // namespace
}  // namespace cad
