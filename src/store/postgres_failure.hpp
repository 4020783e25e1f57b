// SPDX-License-Identifier: Apache-2.0
// What a failure of PostgreSQL means to us, and how it is told without secrets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cad::store::postgres {

enum class Failure : std::uint8_t {
  none,
  refused,      // the statement: a constraint, bad SQL, too late
  rolled_back,  // the whole transaction may be run again
  lost,         // the connection is of no use any more
};

struct Judged {
  Failure failure = Failure::refused;
  ErrorCode code = ErrorCode::internal;
};
Judged judge(std::string_view sqlstate);

// One line, with every trace of `secret` removed.
std::string without_secret(std::string_view message, std::string_view secret);

}  // namespace cad::store::postgres
