// SPDX-License-Identifier: Apache-2.0
// The project's own DWG drawings, one in each release, as files: dwg_drawings FOLDER
#include <cstdio>
#include <fstream>
#include <string>

#include "formats/dwg/testing/drawing_writer.hpp"

int main(int count, char** arguments) {
  using namespace cad::dwg;
  if (count != 2) return 2;
  for (int number = 0; number <= static_cast<int>(Version::r2018); ++number) {
    const auto version = static_cast<Version>(number);
    const auto bytes = testing::write_drawing(version);
    const std::string path =
        std::string(arguments[1]) + "/own_" + std::string(code_of(version)) + ".dwg";
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) {
      std::fprintf(stderr, "dwg_drawings: %s cannot be written\n", path.c_str());
      return 1;
    }
  }
  return 0;
}
