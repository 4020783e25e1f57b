// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cad {

// Percent-encoding (RFC 3986) undone; in forms a '+' is a space. None: a '%' that no two hex digits
// follow.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space = false);

}  // namespace cad
