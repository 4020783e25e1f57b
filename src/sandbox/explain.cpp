// SPDX-License-Identifier: Apache-2.0
#include "sandbox/explain.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>

namespace cad::sandbox {
namespace {

std::string human_time(std::chrono::milliseconds time) {
  if (time.count() % 1000 != 0) return std::to_string(time.count()) + " ms";
  const auto seconds = time.count() / 1000;
  return std::to_string(seconds) + (seconds == 1 ? " second" : " seconds");
}

// How a process ended that we did not stop. The kernel kills at the CPU limit with SIGXCPU, and a
// second later with SIGKILL; SIGKILL before that is its way out when the machine has no memory
// left.
WorkerEnd judge(const Ending& ending, const WorkerLimits& limits) {
  if (WIFSIGNALED(ending.status)) {
    const int signal = WTERMSIG(ending.status);
    if (signal == SIGXCPU) return WorkerEnd::cpu_limit;
    if (signal == SIGKILL) {
      return ending.cpu >= limits.cpu * 3 / 4 ? WorkerEnd::cpu_limit : WorkerEnd::out_of_memory;
    }
    return WorkerEnd::crashed;
  }
  switch (WEXITSTATUS(ending.status)) {
    case 0:
      if (ending.done) return WorkerEnd::completed;
      return ending.rejection && ending.complete_frames ? WorkerEnd::rejected : WorkerEnd::crashed;
    case kExitOutOfMemory: return WorkerEnd::out_of_memory;
    case kExitNotConfined: return WorkerEnd::failed_to_start;
    default: return WorkerEnd::crashed;
  }
}

Error sentence(WorkerEnd end, const Ending& ending, const WorkerLimits& limits) {
  switch (end) {
    case WorkerEnd::completed: break;
    case WorkerEnd::rejected: return *ending.rejection;
    case WorkerEnd::crashed:
      return {
          ErrorCode::internal,
          "The parser failed on this drawing. No other job was affected; the drawing would help "
          "to mend the parser."};
    case WorkerEnd::out_of_memory:
      return {ErrorCode::limit_exceeded, "The drawing needed more than " +
                                             human_bytes(limits.memory_bytes) +
                                             " of memory; a smaller drawing, or parts of it, may "
                                             "succeed."};
    case WorkerEnd::cpu_limit:
      return {ErrorCode::limit_exceeded, "The drawing needed more than " + human_time(limits.cpu) +
                                             " of computing time; a smaller drawing, or parts of "
                                             "it, may succeed."};
    case WorkerEnd::wall_limit:
      return {ErrorCode::limit_exceeded, "The drawing was not finished within " +
                                             human_time(limits.wall) +
                                             "; a smaller drawing, or parts of it, may succeed."};
    case WorkerEnd::output_limit:
      return {ErrorCode::limit_exceeded,
              "The result of the drawing is larger than " + human_bytes(limits.output_bytes) + "."};
    case WorkerEnd::cancelled: return {ErrorCode::conflict, "The job was cancelled."};
    case WorkerEnd::failed_to_start:
      if (ending.stopped) return ending.our_error;
      return {ErrorCode::unavailable,
              "The parser could not be started: this system does not let it isolate itself "
              "(seccomp is needed)."};
  }
  return {};
}

}  // namespace

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::uint64_t kMega = 1 << 20;
  constexpr std::uint64_t kGiga = 1 << 30;
  if (bytes < kGiga) return std::to_string(bytes / kMega) + " MB";
  const std::uint64_t tenths = bytes * 10 / kGiga % 10;
  return std::to_string(bytes / kGiga) + (tenths == 0 ? "" : "." + std::to_string(tenths)) + " GB";
}

std::string_view to_string(WorkerEnd end) {
  switch (end) {
    case WorkerEnd::completed: return "completed";
    case WorkerEnd::rejected: return "rejected";
    case WorkerEnd::crashed: return "crashed";
    case WorkerEnd::out_of_memory: return "out_of_memory";
    case WorkerEnd::cpu_limit: return "cpu_limit";
    case WorkerEnd::wall_limit: return "wall_limit";
    case WorkerEnd::output_limit: return "output_limit";
    case WorkerEnd::cancelled: return "cancelled";
    case WorkerEnd::failed_to_start: return "failed_to_start";
  }
  return "unknown";
}

WorkerReport explain(Ending ending, const WorkerLimits& limits) {
  WorkerReport report;
  report.end = ending.stopped ? *ending.stopped : judge(ending, limits);
  report.cpu = std::chrono::duration_cast<std::chrono::milliseconds>(ending.cpu);
  report.peak_memory_bytes = ending.max_rss_bytes;
  if (!ending.stopped && WIFSIGNALED(ending.status)) report.signal = WTERMSIG(ending.status);
  if (report.end == WorkerEnd::completed) {
    report.format = std::move(ending.done->format);
    report.version = std::move(ending.done->version);
    report.entities = ending.done->entities;
    report.sheets = ending.done->sheets;
    report.truncated = ending.done->truncated;
  } else {
    report.error = sentence(report.end, ending, limits);
  }
  report.log = std::move(ending.log);
  if (!ending.broken_rule.empty()) {
    report.log = "The worker broke the protocol: " + ending.broken_rule + ".\n" + report.log;
  }
  return report;
}

}  // namespace cad::sandbox
