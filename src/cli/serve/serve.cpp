// SPDX-License-Identifier: Apache-2.0
#include "app/serve.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/serve/oauth_options.hpp"
#include "cli/serve/webhook_options.hpp"

namespace cad::cli {
namespace {

void add_notification_options(CLI::App& serve, app::Config& config) {
  add_webhook_options(serve, config.webhooks);
  serve.add_option("--webhook-retry-hours", config.webhooks.retry_hours,
                   "How long a webhook that fails is tried again (at least 3 times)");
  serve.add_option("--webhook-senders", config.webhooks.senders, "Webhooks sent at the same time");
  serve.add_option("--smtp-url", config.mail.smtp_url,
                   "Mail server, smtps://HOST:465 or smtp://HOST:587 (with STARTTLS); the password "
                   "comes from CADLENS_SMTP_PASSWORD or CADLENS_SMTP_PASSWORD_FILE");
  serve.add_option("--smtp-from", config.mail.from, "Sender of mails");
  serve.add_option("--smtp-ca", config.mail.ca_file,
                   "Certificates to trust in mail servers (PEM); default: the system's");
  serve.add_option("--owner-email", config.mail.owner, "Who is told about the service itself");
  serve.add_option("--mail-grace", config.mail.grace_seconds,
                   "Seconds before a mail about a job, as its sender may be watching it");
}

void add_transport_options(CLI::App& serve, app::Config& config) {
  serve.add_option("--listen", config.listen, "ADDRESS:PORT to listen on, or unix:PATH");
  serve.add_option("--socket-mode", config.socket_mode,
                   "Mode of that socket file: 0600 or 0660 (our group, too)");
  serve.add_option("--tls-cert", config.tls_cert,
                   "PEM file: the certificate, then its chain. Read again when it changes");
  serve.add_option("--tls-key", config.tls_key,
                   "PEM file: its key, without a password, mode 0600 or 0640");
  serve.add_option("--http-redirect", config.http_redirect,
                   "ADDRESS:PORT of a plain listener that only points to https");
  serve
      .add_option("--trusted-proxy", config.trusted_proxies,
                  "Address or network of a reverse proxy (or \"unix\"): its word on who calls, and "
                  "how, is believed; repeatable")
      ->default_str("");
  serve.add_flag("--proxy-terminates-tls", config.proxy_terminates_tls,
                 "The trusted proxies speak TLS with the clients: allows listening without TLS on "
                 "other addresses than loopback");
  serve.add_option("--proxy-header", config.proxy_header,
                   "What the proxies write: x-forwarded (X-Forwarded-For and -Proto) or forwarded "
                   "(RFC 7239); the others are never read");
  serve.add_option("--max-connections", config.max_connections,
                   "Connections at the same time; when all are taken, idle ones are closed");
  serve.add_option("--max-connections-per-address", config.max_connections_per_address,
                   "Of them from one address (IPv6: one /64); trusted proxies are not counted");
  const auto rate = [&](const std::string& name, rate::Rate& of, const std::string& whose) {
    serve.add_option("--rate-" + name, of.per_minute,
                     "Requests a minute " + whose + "; 0: no limit");
    serve.add_option("--burst-" + name, of.burst, "Of them at once")
        ->check(CLI::Range(1u, 1'000'000u));
  };
  rate("address", config.rates.per_address, "of one address (IPv6: one /64) without a valid key");
  rate("key", config.rates.per_key, "of one API key");
  rate("costly", config.rates.per_costly,
       "of one address or account that register, sign in or make keys");
  rate("sign-in", config.rates.per_sign_in, "of one address that try one account's password");
  rate("account-sign-in", config.rates.per_account_sign_in,
       "from everywhere that try one account's password");
  rate("mailbox", config.rates.per_mailbox, "that have a mail sent to one address");
}

void add_node_options(CLI::App& serve, app::Config& config) {
  serve
      .add_option("--role", config.role,
                  "What this process does: all; or api or worker, one of many nodes, which need "
                  "CADLENS_DATABASE_URL (see docs/cluster.md)")
      ->transform(CLI::CheckedTransformer(std::map<std::string, app::Role>{
          {"all", app::Role::all}, {"api", app::Role::api}, {"worker", app::Role::worker}}))
      ->default_str("all");
  serve.add_option("--account-jobs", config.account_jobs,
                   "Jobs of one account at a time on all nodes; 0: no limit but --workers of each");
  serve
      .add_option("--node-memory", config.node_memory,
                  "Memory that the jobs of this node may use together, like 8GB; 0: no limit")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("0");
  serve.add_option("--drain-seconds", config.drain_seconds,
                   "After SIGTERM: how long requests are still served while /ready says no");
  serve.add_option("--finish-seconds", config.finish_seconds,
                   "After SIGTERM: how long running jobs may go on before they are handed back");
  serve.add_option("--lease-seconds", config.lease_seconds,
                   "After how much silence of a node its jobs are another's");
}

// What the operator sees of it.
void add_watching_options(CLI::App& serve, app::Config& config) {
  serve.add_option("--metrics", config.metrics,
                   "ADDRESS:PORT of a listener for Prometheus (GET /metrics): plain, without a "
                   "key, on a private address");
  serve.add_flag("--metrics-public", config.metrics_public,
                 "That address may be a public one: something in front keeps strangers out");
  serve.add_option("--log-format", config.log_format,
                   "The log on standard error: text (one line an entry) or json (one object)");
}

}  // namespace

void add_serve(CLI::App& app, int& exit_code) {
  auto config = std::make_shared<app::Config>();
  CLI::App* serve = app.add_subcommand("serve", "Run the service: the REST API on this machine");
  serve->add_option("--data", config->data, "Data directory, made when missing");
  add_transport_options(*serve, *config);
  serve->add_option("--owner-key-file", config->owner_key_file,
                    "File that receives the first API key (mode 0600)");
  serve->add_option("--owner-link-file", config->owner_link_file,
                    "File that receives a link to sign in to that key's account with a browser "
                    "(mode 0600), until it has a password; it works once, for half an hour");
  serve->add_option(
      "--workers", config->workers,
      "Jobs of one account at a time, 0: one a processor; one more is for the others");
  serve->add_option("--job-memory", config->job_memory, "Memory a job may use, like 512MB or 2GB")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("2GB");
  serve->add_option("--job-cpu-seconds", config->job_cpu_seconds, "Computing time a job may use");
  serve->add_option("--job-wall-seconds", config->job_wall_seconds, "Time a job may run");
  serve->add_option("--preview-px", config->preview_px,
                    "Pixels of the longer side of previews; 0: none are made");
  serve->add_option("--plans", config->plans_file,
                    "JSON file of the plans (see config/plans.json); default: the built-in ones");
  serve->add_option("--max-upload", config->max_upload_bytes, "Largest upload in bytes");
  serve->add_option("--retention-hours", config->retention_hours,
                    "Age at which jobs, results and previews are deleted; 1 to 168");
  serve->add_option("--upload-retention-hours", config->upload_retention_hours,
                    "Age at which uploads are deleted whose result nobody retrieved; 1 to 168");
  serve->add_option("--registration", config->registration,
                    "Who may open an account: closed (whom you add), invite, or open");
  serve->add_option("--clock-file", config->clock_file)->group("");  // for tests: docs/service.md
  serve->add_option("--public-url", config->public_url, "Base of the links in answers");
  serve
      ->add_option("--security-contact", config->security_contacts,
                   "Whom security.txt names (mailto:, https: or tel: URI; repeatable)")
      ->default_str("");
  serve->add_option("--max-waiting", config->max_waiting_jobs, "Jobs that may wait in the queue");
  serve->add_option("--max-uploads", config->max_uploads, "Uploads at the same time");
  add_node_options(*serve, *config);
  add_notification_options(*serve, *config);
  add_watching_options(*serve, *config);
  add_oauth_options(*serve, config->oauth);
  serve->add_option("--worker", config->worker, "Worker program; default: beside this one");
  serve->callback([config, &exit_code] {
    if (const auto served = app::serve(*config); !served) exit_code = report(served.error());
  });
}

}  // namespace cad::cli
