// SPDX-License-Identifier: Apache-2.0
#include "cli/exit.hpp"

#include <cstdio>

#include "cli/printable.hpp"

namespace cad::cli {

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_a_drawing:
    case ErrorCode::unsupported_format:
    case ErrorCode::unsupported_version:
    case ErrorCode::encrypted_drawing: return kNotADrawing;
    case ErrorCode::damaged_drawing:
    case ErrorCode::not_found:
    case ErrorCode::io:
    case ErrorCode::integrity:
    case ErrorCode::unavailable: return kUnreadable;
    case ErrorCode::limit_exceeded: return kLimit;
    case ErrorCode::invalid_argument:
    case ErrorCode::conflict: return kUsage;
    case ErrorCode::internal: return kInternal;
  }
  return kInternal;
}

int report(const Error& error) {
  std::fprintf(stderr, "cadlens: error: %s\n", printable(error.message).c_str());
  return exit_code(error.code);
}

}  // namespace cad::cli
