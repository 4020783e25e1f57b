// SPDX-License-Identifier: Apache-2.0
#include "metrics/metrics.hpp"

#include <string.h>

#include <array>

namespace cad::metrics {
namespace {

constexpr std::array kFast{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1., 2.5, 5., 10., 60.};
constexpr std::array kWork{.005, .01, .02, .05, .1, .2, .5, 1., 2., 5., 10., 30., 60., 180.};
constexpr std::array kWait{.005, .02, .1, .5, 1., 5., 15., 60., 300., 900., 3600., 14400.};
constexpr std::array kMemory{16e6, 32e6, 64e6, 128e6, 256e6, 512e6, 1e9, 2e9, 4e9};

// A method is the client's text until it is one of these.
std::string known(std::string_view method) {
  for (const char* name : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    if (method == name) return name;
  return "other";
}

std::string class_of(int status) {
  if (status < 100 || status > 599) return "other";
  return std::to_string(status / 100) + "xx";
}

// By name where there is one: numbers differ between machines.
std::string signal_name(int signal) {
  const char* name = signal > 0 ? ::sigabbrev_np(signal) : nullptr;
  if (signal <= 0) return "none";
  return name != nullptr ? "SIG" + std::string(name) : "other";
}

// What the wall around a worker, or the worker itself, did against the job's will.
bool is_kill(const std::string& end) {
  return end != "completed" && end != "rejected" && end != "cancelled";
}

}  // namespace

Requests::Requests(Registry& registry)
    : registry_(registry),
      received_(registry.counter("cadlens_http_received_bytes_total", "Bytes of request bodies.")),
      sent_(registry.counter("cadlens_http_sent_bytes_total", "Bytes of answers' bodies.")) {}

void Requests::ended(std::string_view method, std::string_view route, int status, Duration taken,
                     std::uint64_t received, std::uint64_t sent) {
  const std::string verb = known(method), pattern(route.empty() ? "none" : route);
  const std::string answer = class_of(status);
  const std::string where = verb + " " + pattern;
  count_
      .at(where + " " + answer,
          [&] {
            return registry_.counter("cadlens_http_requests_total", "Requests answered.",
                                     {{"method", verb}, {"route", pattern}, {"status", answer}});
          })
      .add();
  taken_
      .at(where,
          [&] {
            return registry_.histogram("cadlens_http_request_seconds",
                                       "From a request's head to the last byte of its answer.",
                                       kFast, {{"method", verb}, {"route", pattern}});
          })
      .observe(taken);
  received_.add(static_cast<double>(received));
  sent_.add(static_cast<double>(sent));
}

void Requests::auth_failed(std::string_view why) {
  const std::string reason(why);
  auth_
      .at(reason,
          [&] {
            return registry_.counter("cadlens_auth_failures_total",
                                     "Requests whose caller was not let in.", {{"reason", reason}});
          })
      .add();
}

void Requests::rate_refused(std::string_view what) {
  const std::string limit(what);
  rate_
      .at(limit,
          [&] {
            return registry_.counter("cadlens_rate_refusals_total",
                                     "Requests over a limit of the rate.", {{"limit", limit}});
          })
      .add();
}

Jobs::Jobs(Registry& registry)
    : registry_(registry),
      waited_(registry.histogram("cadlens_queue_wait_seconds",
                                 "From a job's acceptance to its first start.", kWait)),
      peak_(registry.histogram("cadlens_worker_peak_bytes", "Peak memory of a worker.", kMemory)),
      start_ahead_(registry.histogram("cadlens_worker_start_seconds",
                                      "To start a worker process; ahead: before it is needed.",
                                      kFast, {{"ahead", "true"}})),
      start_now_(registry.histogram("cadlens_worker_start_seconds",
                                    "To start a worker process; ahead: before it is needed.", kFast,
                                    {{"ahead", "false"}})),
      running_(registry.gauge("cadlens_jobs_in_progress", "Jobs that this node works on.")),
      failed_starts_(registry.counter("cadlens_worker_start_failures_total",
                                      "Worker processes that could not be started.")) {}

void Jobs::accepted(const std::string& format, std::uint64_t bytes) {
  accepted_
      .at(format,
          [&] {
            return registry_.counter("cadlens_jobs_accepted_total", "Jobs accepted.",
                                     {{"format", format}});
          })
      .add();
  bytes_
      .at(format,
          [&] {
            return registry_.counter("cadlens_upload_bytes_total", "Bytes of accepted drawings.",
                                     {{"format", format}});
          })
      .add(static_cast<double>(bytes));
}

void Jobs::taken(std::chrono::milliseconds waited) const { waited_.observe(waited); }

void Jobs::running(int change) const { running_.add(change); }

void Jobs::attempt_ended(const std::string& format, const std::string& end, int signal,
                         std::chrono::milliseconds wall, std::chrono::milliseconds cpu,
                         std::uint64_t peak_bytes) {
  parse_
      .at(format + " " + end,
          [&] {
            return registry_.histogram("cadlens_parse_seconds",
                                       "Wall time of an attempt at a drawing.", kWork,
                                       {{"format", format}, {"outcome", end}});
          })
      .observe(wall);
  cpu_.at(format,
          [&] {
            return registry_.counter("cadlens_parse_cpu_seconds_total",
                                     "Processor time of the workers.", {{"format", format}});
          })
      .add(std::chrono::duration<double>(cpu).count());
  if (peak_bytes > 0) peak_.observe(static_cast<double>(peak_bytes));
  if (!is_kill(end)) return;
  const std::string name = signal_name(signal);
  kills_
      .at(end + " " + name,
          [&] {
            return registry_.counter("cadlens_worker_kills_total",
                                     "Attempts that did not end by the worker's own word.",
                                     {{"reason", end}, {"signal", name}});
          })
      .add();
}

void Jobs::ended(const std::string& status) {
  ended_
      .at(status,
          [&] {
            return registry_.counter("cadlens_jobs_ended_total", "Jobs that ended on this node.",
                                     {{"status", status}});
          })
      .add();
}

void Jobs::worker_started(bool ahead, bool good, Duration taken) const {
  if (!good) failed_starts_.add();
  if (good) (ahead ? start_ahead_ : start_now_).observe(taken);
}

void Deliveries::tried(const std::string& kind, const std::string& state,
                       std::chrono::milliseconds taken) {
  count_
      .at(kind + " " + state,
          [&] {
            return registry_.counter("cadlens_deliveries_total",
                                     "Tries to deliver; pending: it will be tried again.",
                                     {{"kind", kind}, {"state", state}});
          })
      .add();
  taken_
      .at(kind,
          [&] {
            return registry_.histogram("cadlens_delivery_seconds", "One try to deliver.", kFast,
                                       {{"kind", kind}});
          })
      .observe(taken);
}

}  // namespace cad::metrics
