// SPDX-License-Identifier: Apache-2.0
// The beginning of a ZIP archive: names of its first entries, without unpacking anything.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace cad {

struct ZipHead {
  std::vector<std::string_view> names;  // point into the bytes
  bool encrypted = false;               // one of them is
};

bool is_zip(std::span<const std::byte> head);

// Follows the local headers from the first byte on, as far as they can be seen. What lies inside
// an entry, another archive say, is never taken for an entry of this one.
ZipHead read_zip_head(std::span<const std::byte> head);

}  // namespace cad
