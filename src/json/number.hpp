// SPDX-License-Identifier: Apache-2.0
// Doubles and integers as JSON numbers, into a caller's buffer.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cad::json {

inline constexpr std::size_t kNumberBytes = 32;  // room that every function below may use

// Shortest text that reads back as exactly `value` (finite). Returns the end.
char* print_double(char* out, double value);

// `value` (finite) rounded to 6 decimals, trailing zeros dropped: bounding boxes and metrics.
char* print_rounded(char* out, double value);

char* print_integer(char* out, std::int64_t value);

// Upper case, without leading zeros.
char* print_hex(char* out, std::uint64_t value);

}  // namespace cad::json
