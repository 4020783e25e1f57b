// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include "oauth/provider.hpp"

namespace cad::cli {

// --oauth-...
void add_oauth_options(CLI::App& command, oauth::Settings& settings);

}  // namespace cad::cli
