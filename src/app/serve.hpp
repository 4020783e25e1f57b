// SPDX-License-Identifier: Apache-2.0
// The service: everything wired together, until SIGTERM or SIGINT.
#pragma once

#include "app/config.hpp"

namespace cad::app {

// Blocks. Prints the address, and on the first start the API key, to standard output; logs to
// standard error. The error of a start that failed. Call it before any other thread is started: it
// takes the signals to itself.
Result<void> serve(const Config& config);

}  // namespace cad::app
