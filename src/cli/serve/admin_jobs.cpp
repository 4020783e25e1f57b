// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/job_admin.hpp"
#include "cli/exit.hpp"
#include "cli/serve/admin.hpp"
#include "jobs/names.hpp"

namespace cad::cli {
namespace {

// No file name: names are what people gave, and an operator's terminal needs none to find a job.
int list(const std::string& data, std::int64_t limit) {
  const auto jobs = app::list_dead(data, limit);
  if (!jobs) return report(jobs.error());
  for (const store::Job& job : *jobs)
    std::printf("%s  %s  %s  %s  %lld bytes  attempts %lld  account %s  %s\n", job.id.c_str(),
                job.completed_at ? jobs::iso_time(*job.completed_at).c_str() : "-",
                job.error_code.value_or("-").c_str(), job.format.c_str(),
                static_cast<long long>(job.file_size), static_cast<long long>(job.attempt),
                job.account_id.c_str(), job.error_msg.value_or("").c_str());
  return kSuccess;
}

}  // namespace

void add_admin_jobs(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  auto limit = std::make_shared<std::int64_t>(50);
  CLI::App* show = admin.add_subcommand(
      "list-dead",
      "Show jobs that were given up because they brought down whoever ran them, the latest first");
  add_data(*show, *data);
  show->add_option("--limit", *limit, "How many")->check(CLI::Range(1, 100'000));
  show->callback([data, limit, &exit_code] { exit_code = list(*data, *limit); });
}

}  // namespace cad::cli
