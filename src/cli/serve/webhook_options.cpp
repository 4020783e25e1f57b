// SPDX-License-Identifier: Apache-2.0
#include "cli/serve/webhook_options.hpp"

#include <CLI/CLI.hpp>

namespace cad::cli {

void add_webhook_options(CLI::App& command, app::WebhookConfig& config) {
  command
      .add_option("--webhook-allow", config.allow,
                  "Network that webhooks may reach though it is not public, like 10.1.2.0/24; "
                  "may be given several times")
      ->allow_extra_args(false)
      ->default_str("");
  command.add_flag("--webhook-allow-http", config.allow_http, "Webhooks may go to http:// URLs");
  command.add_option("--webhook-resolver", config.resolver,
                     "DNS server (IPv4 ADDRESS:PORT) for webhooks; default: the system's");
  command.add_option("--webhook-ca", config.ca_file,
                     "Certificates to trust in webhooks (PEM); default: the system's");
}

}  // namespace cad::cli
