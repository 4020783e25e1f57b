// SPDX-License-Identifier: Apache-2.0
#include "passwords/common_words.hpp"

namespace cad::passwords {

bool is_common_word(std::string_view lower_case) {
  const std::string_view all = common_words();
  // Both are starts of lines.
  std::size_t low = 0;
  std::size_t high = all.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const std::size_t before = middle == 0 ? all.npos : all.rfind('\n', middle - 1);
    const std::size_t start = before == all.npos || before < low ? low : before + 1;
    const std::size_t end = all.find('\n', start);
    const int order = all.substr(start, end - start).compare(lower_case);
    if (order == 0) return true;
    if (order < 0) {
      low = end + 1;
    } else {
      high = start;
    }
  }
  return false;
}

}  // namespace cad::passwords
