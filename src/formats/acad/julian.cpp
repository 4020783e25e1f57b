// SPDX-License-Identifier: Apache-2.0
#include "formats/acad/julian.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace cad::acad {
namespace {

constexpr std::int64_t kUnixEpochDay = 2'440'588;
constexpr std::int64_t kFirstDay = 1'721'426, kLastDay = 5'373'484;  // years 1 to 9999
constexpr std::int64_t kDay = 86'400'000;                            // milliseconds

}  // namespace

std::string iso_date(std::int64_t julian_day, std::int64_t milliseconds) {
  if (milliseconds < 0 || milliseconds > kDay) milliseconds = 0;
  if (milliseconds == kDay) {
    milliseconds = 0;
    ++julian_day;
  }
  if (julian_day < kFirstDay || julian_day >= kLastDay) return {};
  // Civil date from day count, in eras of 400 years that begin on 1 March.
  const std::int64_t shifted = julian_day - kUnixEpochDay + 719'468;
  const std::int64_t era = shifted / 146'097;
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const auto d = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  const auto m =
      static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  const auto y = static_cast<int>(year_of_era + era * 400 + (m <= 2 ? 1 : 0));
  const auto seconds = static_cast<int>(milliseconds / 1000);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", y, m, d,
                seconds / 3600, seconds / 60 % 60, seconds % 60,
                static_cast<int>(milliseconds % 1000));
  return text.data();
}

std::string iso_date(double julian) {
  if (!(julian >= static_cast<double>(kFirstDay) && julian < static_cast<double>(kLastDay)))
    return {};
  const double day = std::floor(julian);
  return iso_date(static_cast<std::int64_t>(day),
                  std::llround((julian - day) * static_cast<double>(kDay)));
}

}  // namespace cad::acad
