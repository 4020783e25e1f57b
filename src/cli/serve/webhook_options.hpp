// SPDX-License-Identifier: Apache-2.0
// The options that say where webhooks may go, for every command that sends some.
#pragma once

#include <CLI/App.hpp>

#include "app/config.hpp"

namespace cad::cli {

void add_webhook_options(CLI::App& command, app::WebhookConfig& config);

}  // namespace cad::cli
