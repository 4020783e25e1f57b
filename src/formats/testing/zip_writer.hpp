// SPDX-License-Identifier: Apache-2.0
// Beginnings of ZIP archives for the tests of sniffing: entries stored as they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cad::testing {

struct ZipEntry {
  std::string name;
  std::string data = "x";
  bool encrypted = false;
  bool sizes_follow = false;  // in a descriptor behind the data
};

inline void put(std::string& out, std::size_t value, int bytes) {
  for (int i = 0; i < bytes; ++i, value >>= 8) out.push_back(static_cast<char>(value & 0xff));
}

inline std::string zip_of(const std::vector<ZipEntry>& entries) {
  std::string out;
  for (const ZipEntry& entry : entries) {
    out += std::string_view("PK\x03\x04\x14\x00", 6);
    put(out, (entry.encrypted ? 1u : 0u) | (entry.sizes_follow ? 8u : 0u), 2);
    put(out, 0, 2 + 4 + 4);  // stored; time and checksum are nobody's business here
    const std::size_t size = entry.sizes_follow ? 0 : entry.data.size();
    put(out, size, 4);
    put(out, size, 4);
    put(out, entry.name.size(), 2);
    put(out, 0, 2);
    out += entry.name + entry.data;
    if (!entry.sizes_follow) continue;
    out += std::string_view("PK\x07\x08\x00\x00\x00\x00", 8);
    put(out, entry.data.size(), 4);
    put(out, entry.data.size(), 4);
  }
  out += std::string_view("PK\x01\x02", 4);
  return out;
}

}  // namespace cad::testing
