// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "text/codes.hpp"

namespace cad::text {

// A finite number at `at`, which moves behind it.
std::optional<double> parse_double(std::string_view text, std::size_t& at);

// The inside of \p...; : i, l, r indents, q alignment, t tab stops. Unknown letters are skipped.
void apply_paragraph_codes(std::string_view spec, MTextParagraph& format);

}  // namespace cad::text
