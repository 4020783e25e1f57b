// SPDX-License-Identifier: Apache-2.0
#include <csignal>

#include "jobs/run.hpp"

namespace cad::jobs {
namespace {

// Signals that a person, the kernel's memory killer or a shutdown sends; the others are crashes.
bool sent_from_outside(int signal) {
  return signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP ||
         signal == SIGQUIT;
}

Verdict give_up(std::string_view code, std::string_view message) {
  return {Verdict::Kind::fail, false, std::string(code), std::string(message)};
}

Verdict again_or(std::int64_t allowed, const store::Job& job, Verdict at_last) {
  if (job.failures + 1 < allowed) return {Verdict::Kind::retry, true, "", ""};
  return at_last;
}

Verdict killed(const store::Job& job, const RunnerOptions& options) {
  return again_or(options.max_failures, job,
                  give_up("WORKER_KILLED",
                          "The process that read the drawing was killed repeatedly; the server may "
                          "be short of memory. Try again later."));
}

std::string reason(const sandbox::WorkerReport& report, std::string_view otherwise) {
  return report.error && !report.error->message.empty() ? report.error->message
                                                        : std::string(otherwise);
}

}  // namespace

Verdict judge(const sandbox::WorkerReport& report, const store::Job& job,
              const RunnerOptions& options) {
  using sandbox::WorkerEnd;
  switch (report.end) {
    case WorkerEnd::completed: return {Verdict::Kind::complete, false, "", ""};
    case WorkerEnd::rejected:
      return give_up(report.error ? to_string(report.error->code) : "DAMAGED_DRAWING",
                     reason(report, "The drawing could not be read."));
    case WorkerEnd::crashed:
      if (sent_from_outside(report.signal)) return killed(job, options);
      // A forbidden system call is no accident that a second attempt could avoid.
      return again_or(report.signal == SIGSYS ? 0 : options.max_crashes, job,
                      give_up("PARSE_CRASHED",
                              "The drawing brings the reader down; it may be damaged. Opening and "
                              "saving it again in a CAD program may help."));
    case WorkerEnd::out_of_memory:
      // A SIGKILL may be the kernel's, for a machine short of memory, or a person's: the drawing
      // itself would have been stopped by its own limit.
      if (sent_from_outside(report.signal)) return killed(job, options);
      return give_up("OUT_OF_MEMORY",
                     reason(report, "The drawing needs more memory than a job may use."));
    case WorkerEnd::cpu_limit:
      return give_up("CPU_LIMIT",
                     reason(report, "The drawing needs more computing time than a job may use."));
    case WorkerEnd::wall_limit:
      return give_up("TIME_LIMIT",
                     reason(report, "The drawing takes longer to read than a job may run."));
    case WorkerEnd::output_limit:
      return give_up("OUTPUT_LIMIT",
                     reason(report, "The drawing gives a larger result than a job may write."));
    case WorkerEnd::cancelled: return {Verdict::Kind::drop, false, "", ""};
    case WorkerEnd::failed_to_start:
      return again_or(options.max_failures, job,
                      give_up("WORKER_UNAVAILABLE",
                              "The process that reads drawings could not be started; this is the "
                              "server's fault, not the drawing's."));
  }
  return give_up("INTERNAL", "The job ended in an unknown way.");
}

std::optional<std::string_view> given_up_as(std::string_view code) {
  for (const std::string_view known :
       {"INTERRUPTED", "PARSE_CRASHED", "WORKER_KILLED", "WORKER_UNAVAILABLE"})
    if (code == known) return known;
  return std::nullopt;
}

}  // namespace cad::jobs
