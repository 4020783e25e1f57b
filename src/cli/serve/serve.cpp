// SPDX-License-Identifier: Apache-2.0
#include "app/serve.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/exit.hpp"

namespace cad::cli {
void add_serve(CLI::App& app, int& exit_code) {
  auto config = std::make_shared<app::Config>();
  CLI::App* serve = app.add_subcommand("serve", "Run the service: the REST API on this machine");
  serve->add_option("--data", config->data, "Data directory, made when missing")
      ->capture_default_str();
  serve->add_option("--listen", config->listen, "ADDRESS:PORT to listen on")->capture_default_str();
  serve->add_option("--owner-key-file", config->owner_key_file,
                    "File that receives the first API key (mode 0600)");
  serve
      ->add_option("--workers", config->workers,
                   "Jobs of one account at a time, 0: one a processor; one more is for the others")
      ->capture_default_str();
  serve->add_option("--job-memory", config->job_memory, "Memory a job may use, like 512MB or 2GB")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("2GB");
  serve->add_option("--job-cpu-seconds", config->job_cpu_seconds, "Computing time a job may use")
      ->capture_default_str();
  serve->add_option("--job-wall-seconds", config->job_wall_seconds, "Time a job may run")
      ->capture_default_str();
  serve->add_option("--max-upload", config->max_upload_bytes, "Largest upload in bytes")
      ->capture_default_str();
  serve
      ->add_option("--retention-hours", config->retention_hours,
                   "Age at which uploads and results are deleted")
      ->capture_default_str();
  serve->add_option("--public-url", config->public_url, "Base of the links in answers");
  serve->add_option("--max-waiting", config->max_waiting_jobs, "Jobs that may wait in the queue")
      ->capture_default_str();
  serve->add_option("--max-uploads", config->max_uploads, "Uploads at the same time")
      ->capture_default_str();
  serve->add_option("--worker", config->worker, "Worker program; default: beside this one");
  serve->callback([config, &exit_code] {
    if (const auto served = app::serve(*config); !served) exit_code = report(served.error());
  });
}

}  // namespace cad::cli
