// SPDX-License-Identifier: Apache-2.0
// Writes what container/r2004.cpp reads, for tests: it never proves the reader alone, the corpus
// does that.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "formats/dwg/container/sections.hpp"

namespace cad::dwg::testing {

using SectionContents = std::map<SectionId, std::vector<std::byte>>;

// A file of R2004, R2010, R2013 or R2018 with these sections; those that every drawing has are
// there in any case. As in real files, pages of zeros are left out.
std::vector<std::byte> write_r2004(Version version, const SectionContents& sections);

// The pieces, for tests of damage. Each appends to a file at the next multiple of 0x20 and says
// where.
std::uint64_t append_data_page(std::vector<std::byte>& file, std::uint32_t section,
                               std::uint64_t start, Bytes payload);
std::uint64_t append_system_page(std::vector<std::byte>& file, std::uint32_t tag, Bytes data);

}  // namespace cad::dwg::testing
