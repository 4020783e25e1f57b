// SPDX-License-Identifier: Apache-2.0
// Errors are values. Fatal failures travel as Result<T>; recoverable damage goes to Diagnostics.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace cad {

// What went wrong, as a stable name. to_string() is what the API publishes as `code`.
enum class ErrorCode {
  not_a_drawing,        // the bytes are no format we know
  unsupported_format,   // recognized, but this build has no reader for it
  unsupported_version,  // recognized format, version outside what we read
  encrypted_drawing,    // password-protected
  damaged_drawing,      // right format, but nothing could be read from it
  limit_exceeded,       // a value of Limits stopped the work
  invalid_argument,     // the caller asked for something that makes no sense
  not_found,
  io,           // the operating system refused a read or a write
  integrity,    // stored data failed authentication
  unavailable,  // a needed service (database, store) is away
  conflict,
  internal,  // our defect
};

std::string_view to_string(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;  // one sentence for a human: what is wrong and what to do; never a secret
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace cad

// Returns the error of a Result<...> from the enclosing function.
#define CAD_TRY(expr)                                                         \
  do {                                                                        \
    if (auto cad_try_result = (expr); !cad_try_result)                        \
      return tl::unexpected<::cad::Error>(std::move(cad_try_result.error())); \
  } while (false)

#define CAD_CONCAT_INNER(a, b) a##b
#define CAD_CONCAT(a, b) CAD_CONCAT_INNER(a, b)
// CAD_ASSIGN(auto x, f()): declares or assigns x from f()'s value, or returns f()'s error.
#define CAD_ASSIGN(target, expr) CAD_ASSIGN_INNER(CAD_CONCAT(cad_assign_, __LINE__), target, expr)
#define CAD_ASSIGN_INNER(temp, target, expr)                               \
  auto temp = (expr);                                                      \
  if (!temp) return tl::unexpected<::cad::Error>(std::move(temp.error())); \
  target = std::move(*temp)
