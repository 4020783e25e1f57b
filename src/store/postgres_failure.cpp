// SPDX-License-Identifier: Apache-2.0
// The codes are those of appendix A of PostgreSQL's documentation.
#include "store/postgres_failure.hpp"

#include <algorithm>
#include <array>

namespace cad::store::postgres {
namespace {

template <std::size_t N>
bool any_of(const std::array<std::string_view, N>& codes, std::string_view sqlstate) {
  return std::find(codes.begin(), codes.end(), sqlstate) != codes.end();
}

// serialization_failure, deadlock_detected
constexpr std::array<std::string_view, 2> kRolledBack{"40001", "40P01"};
// The session ends, or would go on failing: administrators and crashes, a primary that has become a
// standby, statements that another session prepared (a pooler in between).
constexpr std::array<std::string_view, 8> kLost{"57P01", "57P02", "57P03", "57P04",
                                                "57P05", "25006", "25P03", "26000"};
// lock_not_available, query_canceled (statement_timeout), and what an operating system refuses.
constexpr std::array<std::string_view, 5> kAway{"55P03", "57014", "58000", "58030", "55006"};

}  // namespace

Judged judge(std::string_view sqlstate) {
  if (sqlstate.empty() || sqlstate.starts_with("08"))
    return {Failure::lost, ErrorCode::unavailable};
  if (any_of(kRolledBack, sqlstate)) return {Failure::rolled_back, ErrorCode::unavailable};
  if (any_of(kLost, sqlstate)) return {Failure::lost, ErrorCode::unavailable};
  if (sqlstate.starts_with("53") || any_of(kAway, sqlstate))
    return {Failure::refused, ErrorCode::unavailable};
  // A violated constraint, and what a trigger raises.
  if (sqlstate.starts_with("23") || sqlstate == "P0001")
    return {Failure::refused, ErrorCode::conflict};
  // invalid_authorization, invalid_catalog_name: what the URL names is not there.
  if (sqlstate.starts_with("28") || sqlstate == "3D000")
    return {Failure::lost, ErrorCode::invalid_argument};
  // character_not_in_repertoire, untranslatable_character
  if (sqlstate == "22021" || sqlstate == "22P05")
    return {Failure::refused, ErrorCode::invalid_argument};
  return {Failure::refused, ErrorCode::internal};
}

std::string without_secret(std::string_view message, std::string_view secret) {
  std::string out(message);
  if (!secret.empty())
    for (auto at = out.find(secret); at != out.npos; at = out.find(secret, at + 3))
      out.replace(at, secret.size(), "***");
  std::replace(out.begin(), out.end(), '\n', ' ');
  std::replace(out.begin(), out.end(), '\t', ' ');
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace cad::store::postgres
