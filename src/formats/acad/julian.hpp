// SPDX-License-Identifier: Apache-2.0
// Dates of drawings: a Julian day number and the time since midnight of that calendar day.
#pragma once

#include <cstdint>
#include <string>

namespace cad::acad {

// "2014-03-01T10:00:00.000Z"; empty when the day is not in the years 1 to 9999.
std::string iso_date(std::int64_t julian_day, std::int64_t milliseconds);

// The same of one number: the part behind the point is the part of the day.
std::string iso_date(double julian);

}  // namespace cad::acad
