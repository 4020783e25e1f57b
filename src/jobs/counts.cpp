// SPDX-License-Identifier: Apache-2.0
// What runners count, where somebody wants to know.
#include <algorithm>

#include "jobs/run.hpp"

namespace cad::jobs {

// A job that is taken again has waited for something else than its turn.
void Runners::count_start(const queue::Taken& taken) const {
  if (services_.metrics == nullptr) return;
  const metrics::Jobs& jobs = services_.metrics->jobs;
  jobs.running(+1);
  if (taken.lease.attempt == 1)
    jobs.taken(
        std::chrono::milliseconds(std::max<UnixMs>(0, services_.clock() - taken.job.created_at)));
}

void Runners::count_end(const queue::Taken& taken, const sandbox::WorkerReport& report) const {
  if (services_.metrics == nullptr) return;
  services_.metrics->jobs.running(-1);
  services_.metrics->jobs.attempt_ended(taken.job.format,
                                        std::string(sandbox::to_string(report.end)), report.signal,
                                        report.wall, report.cpu, report.peak_memory_bytes);
}

void Runners::count_final(std::string_view status) const {
  if (services_.metrics != nullptr) services_.metrics->jobs.ended(std::string(status));
}

}  // namespace cad::jobs
