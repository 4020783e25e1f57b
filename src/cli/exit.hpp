// SPDX-License-Identifier: Apache-2.0
// What a command leaves behind: documented in docs/cli.md and under `cadlens --help`.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace cad::cli {

inline constexpr int kSuccess = 0;
inline constexpr int kUsage = 2;        // the command line makes no sense for this drawing
inline constexpr int kNotADrawing = 3;  // unknown, unsupported or encrypted
inline constexpr int kUnreadable = 4;   // file missing, unwritable or too damaged
inline constexpr int kLimit = 5;        // a limit stopped the work
inline constexpr int kInternal = 70;    // a defect of the program

int exit_code(ErrorCode code);

// Prints "cadlens: error: ..." as one line on stderr and gives the error's exit code.
int report(const Error& error);

}  // namespace cad::cli
