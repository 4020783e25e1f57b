// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/version.hpp"

#include <algorithm>
#include <array>

namespace cad::dwg {
namespace {

struct Row {
  std::string_view code;
  std::string_view release;
  Version version;
};

// AC1013 is what R13c3 writes; it shares R13's layout.
constexpr std::array kRows{
    Row{"AC1012", "R13", Version::r13},    Row{"AC1013", "R13", Version::r13},
    Row{"AC1014", "R14", Version::r14},    Row{"AC1015", "2000", Version::r2000},
    Row{"AC1018", "2004", Version::r2004}, Row{"AC1021", "2007", Version::r2007},
    Row{"AC1024", "2010", Version::r2010}, Row{"AC1027", "2013", Version::r2013},
    Row{"AC1032", "2018", Version::r2018}};

const Row& row_of(Version version) { return *std::ranges::find(kRows, version, &Row::version); }

}  // namespace

std::string_view code_of(Version version) { return row_of(version).code; }
std::string_view release_of(Version version) { return row_of(version).release; }

std::optional<Version> version_of(Bytes head) {
  if (head.size() < 6) return {};
  const std::string_view code(reinterpret_cast<const char*>(head.data()), 6);
  const auto row = std::ranges::find(kRows, code, &Row::code);
  if (row == kRows.end()) return {};
  return row->version;
}

}  // namespace cad::dwg
