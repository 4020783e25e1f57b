// SPDX-License-Identifier: Apache-2.0
#include "store/calendar.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace cad::store {
namespace {

using namespace std::chrono;

year_month_day date_of(Day day) { return sys_days(days(static_cast<int>(day))); }

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

Day day_of(UnixMs time) { return time >= 0 ? time / kDayMs : -((kDayMs - 1 - time) / kDayMs); }

Month month_of(UnixMs time) {
  const year_month_day date = date_of(day_of(time));
  return Month{static_cast<int>(date.year())} * 100 + static_cast<unsigned>(date.month());
}

Month next_month(Month month) { return month % 100 == 12 ? month + 89 : month + 1; }

Day first_day(Month month) {
  const auto first = year(static_cast<int>(month / 100)) /
                     std::chrono::month(static_cast<unsigned>(month % 100)) / 1;
  return sys_days(first).time_since_epoch().count();
}

std::string day_text(Day day) {
  const year_month_day date = date_of(day);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = digits(text.substr(0, 4)), m = digits(text.substr(5, 2)),
             d = digits(text.substr(8, 2));
  if (!y || !m || !d || *y < 1970) return std::nullopt;
  const year_month_day date(year(*y), month(static_cast<unsigned>(*m)),
                            std::chrono::day(static_cast<unsigned>(*d)));
  if (!date.ok()) return std::nullopt;
  return sys_days(date).time_since_epoch().count();
}

std::optional<UnixMs> parse_time(std::string_view text) {
  if ((text.size() != 20 && text.size() != 24) || text[10] != 'T' || text.back() != 'Z' ||
      text[13] != ':' || text[16] != ':' || (text.size() == 24 && text[19] != '.'))
    return std::nullopt;
  const auto day = parse_day(text.substr(0, 10));
  const auto h = digits(text.substr(11, 2)), m = digits(text.substr(14, 2)),
             s = digits(text.substr(17, 2)),
             ms = text.size() == 24 ? digits(text.substr(20, 3)) : std::optional(0);
  if (!day || !h || !m || !s || !ms || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
  return start_of(*day) + ((*h * 60 + *m) * 60 + *s) * UnixMs{1000} + *ms;
}

}  // namespace cad::store
