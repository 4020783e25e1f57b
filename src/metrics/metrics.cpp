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

using Names = std::vector<std::string>;

Series<Counter> counters(Registry& registry, std::string name, std::string help, Names labels) {
  return {std::move(labels),
          [&registry, name = std::move(name), help = std::move(help)](const Labels& values) {
            return registry.counter(name, help, values);
          }};
}

Series<Histogram> histograms(Registry& registry, std::string name, std::string help,
                             std::span<const double> bounds, Names labels) {
  return {std::move(labels),
          [&registry, name = std::move(name), help = std::move(help), bounds](
              const Labels& values) { return registry.histogram(name, help, bounds, values); }};
}

Histogram start_seconds(Registry& registry, const char* ahead) {
  return registry.histogram("cadlens_worker_start_seconds",
                            "To start a worker process; ahead: before it is needed.", kFast,
                            {{"ahead", ahead}});
}

}  // namespace

template <class Handle>
Handle Series<Handle>::at(const std::vector<std::string>& values) {
  const std::lock_guard lock(mutex_);
  const auto found = series_.find(values);
  if (found != series_.end()) return found->second;
  Labels labels;
  for (std::size_t i = 0; i < names_.size(); ++i) labels.emplace_back(names_[i], values.at(i));
  return series_.emplace(values, make_(labels)).first->second;
}

Requests::Requests(Registry& registry)
    : received_(registry.counter("cadlens_http_received_bytes_total", "Bytes of request bodies.")),
      sent_(registry.counter("cadlens_http_sent_bytes_total", "Bytes of answers' bodies.")),
      count_(counters(registry, "cadlens_http_requests_total", "Requests answered.",
                      {"method", "route", "status"})),
      auth_(counters(registry, "cadlens_auth_failures_total",
                     "Requests whose caller was not let in.", {"reason"})),
      rate_(counters(registry, "cadlens_rate_refusals_total", "Requests over a limit of the rate.",
                     {"limit"})),
      taken_(histograms(registry, "cadlens_http_request_seconds",
                        "From a request's head to the last byte of its answer.", kFast,
                        {"method", "route"})) {}

void Requests::ended(std::string_view method, std::string_view route, int status, Duration taken,
                     std::uint64_t received, std::uint64_t sent) {
  const std::string verb = known(method), pattern(route.empty() ? "none" : route);
  count_.at({verb, pattern, class_of(status)}).add();
  taken_.at({verb, pattern}).observe(taken);
  received_.add(static_cast<double>(received));
  sent_.add(static_cast<double>(sent));
}

void Requests::auth_failed(std::string_view why) { auth_.at({std::string(why)}).add(); }

void Requests::rate_refused(std::string_view what) { rate_.at({std::string(what)}).add(); }

Jobs::Jobs(Registry& registry)
    : waited_(registry.histogram("cadlens_queue_wait_seconds",
                                 "From a job's acceptance to its first start.", kWait)),
      peak_(registry.histogram("cadlens_worker_peak_bytes", "Peak memory of a worker.", kMemory)),
      start_ahead_(start_seconds(registry, "true")),
      start_now_(start_seconds(registry, "false")),
      running_(registry.gauge("cadlens_jobs_in_progress", "Jobs that this node works on.")),
      failed_starts_(registry.counter("cadlens_worker_start_failures_total",
                                      "Worker processes that could not be started.")),
      accepted_(counters(registry, "cadlens_jobs_accepted_total", "Jobs accepted.", {"format"})),
      bytes_(counters(registry, "cadlens_upload_bytes_total", "Bytes of accepted drawings.",
                      {"format"})),
      kills_(counters(registry, "cadlens_worker_kills_total",
                      "Attempts that did not end by the worker's own word.", {"reason", "signal"})),
      ended_(counters(registry, "cadlens_jobs_ended_total", "Jobs that ended on this node.",
                      {"status"})),
      cpu_(counters(registry, "cadlens_parse_cpu_seconds_total", "Processor time of the workers.",
                    {"format"})),
      parse_(histograms(registry, "cadlens_parse_seconds", "Wall time of an attempt at a drawing.",
                        kWork, {"format", "outcome"})) {}

void Jobs::accepted(const std::string& format, std::uint64_t bytes) {
  accepted_.at({format}).add();
  bytes_.at({format}).add(static_cast<double>(bytes));
}

void Jobs::taken(std::chrono::milliseconds waited) const { waited_.observe(waited); }

void Jobs::running(int change) const { running_.add(change); }

void Jobs::attempt_ended(const std::string& format, const std::string& end, int signal,
                         std::chrono::milliseconds wall, std::chrono::milliseconds cpu,
                         std::uint64_t peak_bytes) {
  parse_.at({format, end}).observe(wall);
  cpu_.at({format}).add(std::chrono::duration<double>(cpu).count());
  if (peak_bytes > 0) peak_.observe(static_cast<double>(peak_bytes));
  if (is_kill(end)) kills_.at({end, signal_name(signal)}).add();
}

void Jobs::ended(const std::string& status) { ended_.at({status}).add(); }

void Jobs::worker_started(bool ahead, bool good, Duration taken) const {
  if (!good) failed_starts_.add();
  if (good) (ahead ? start_ahead_ : start_now_).observe(taken);
}

Deliveries::Deliveries(Registry& registry)
    : count_(counters(registry, "cadlens_deliveries_total",
                      "Tries to deliver; pending: it will be tried again.", {"kind", "state"})),
      taken_(histograms(registry, "cadlens_delivery_seconds", "One try to deliver.", kFast,
                        {"kind"})) {}

void Deliveries::tried(const std::string& kind, const std::string& state,
                       std::chrono::milliseconds taken) {
  count_.at({kind, state}).add();
  taken_.at({kind}).observe(taken);
}

}  // namespace cad::metrics
