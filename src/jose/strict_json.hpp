// SPDX-License-Identifier: Apache-2.0
// JSON from a stranger, of which two readers must never see two different things: a member given
// twice is refused (RFC 8725, 2.4 and RFC 8259, 4), and so is deep nesting.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/result.hpp"

namespace cad::jose {

inline constexpr std::size_t kMaxJsonDepth = 16;

// An object; INTEGRITY for all else. `what` begins the message ("The token's header").
Result<nlohmann::json> parse_strict_object(std::string_view text, std::string_view what);

}  // namespace cad::jose
