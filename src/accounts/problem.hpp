// SPDX-License-Identifier: Apache-2.0
// Why a use case of accounts did not happen, for who asked for it.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"

namespace cad::accounts {

struct Problem {
  enum class Kind : std::uint8_t {
    invalid,    // `field` says where
    unknown,    // wrong password, used link: nobody we know
    forbidden,  // somebody we know
    missing,
    conflict,
    failed  // `error` is the cause
  };
  Kind kind = Kind::failed;
  std::string code, message;  // stable; a sentence
  std::string field = {};
  Error error = {};

  Problem(Kind what, std::string with_code, std::string with_message, std::string of_field = {})
      : kind(what),
        code(std::move(with_code)),
        message(std::move(with_message)),
        field(std::move(of_field)) {}
  Problem(const Error& cause) : error(cause) {}  // NOLINT: converts by intent, for CAD_TRY
};

template <class T>
using Outcome = tl::expected<T, Problem>;

inline tl::unexpected<Problem> invalid(std::string field, std::string message) {
  return tl::unexpected(
      Problem(Problem::Kind::invalid, "VALIDATION_ERROR", std::move(message), std::move(field)));
}
inline tl::unexpected<Problem> problem(Problem::Kind kind, std::string code, std::string message) {
  return tl::unexpected(Problem(kind, std::move(code), std::move(message)));
}

}  // namespace cad::accounts
