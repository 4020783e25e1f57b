// SPDX-License-Identifier: Apache-2.0
#include "base/result.hpp"

namespace cad {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_a_drawing: return "NOT_A_DRAWING";
    case ErrorCode::unsupported_format: return "UNSUPPORTED_FORMAT";
    case ErrorCode::unsupported_version: return "UNSUPPORTED_VERSION";
    case ErrorCode::encrypted_drawing: return "ENCRYPTED_DRAWING";
    case ErrorCode::damaged_drawing: return "DAMAGED_DRAWING";
    case ErrorCode::limit_exceeded: return "LIMIT_EXCEEDED";
    case ErrorCode::invalid_argument: return "INVALID_ARGUMENT";
    case ErrorCode::not_found: return "NOT_FOUND";
    case ErrorCode::io: return "IO_ERROR";
    case ErrorCode::integrity: return "INTEGRITY_ERROR";
    case ErrorCode::unavailable: return "UNAVAILABLE";
    case ErrorCode::conflict: return "CONFLICT";
    case ErrorCode::internal: return "INTERNAL";
  }
  return "INTERNAL";
}

}  // namespace cad
