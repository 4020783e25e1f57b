// SPDX-License-Identifier: Apache-2.0
// Days and months of UTC, as they are stored and printed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/records.hpp"

namespace cad::store {

inline constexpr UnixMs kDayMs = 86'400'000;

using Day = std::int64_t;    // since 1970-01-01
using Month = std::int64_t;  // 202605

Day day_of(UnixMs time);
Month month_of(UnixMs time);
Month next_month(Month month);
Day first_day(Month month);
inline UnixMs start_of(Day day) { return day * kDayMs; }

std::string day_text(Day day);                        // "2026-05-13"
std::optional<Day> parse_day(std::string_view text);  // in that form, of the years 1970 to 9999

std::optional<UnixMs> parse_time(
    std::string_view text);  // "2026-05-13T10:14:22.000Z"; .000 optional

}  // namespace cad::store
