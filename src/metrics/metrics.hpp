// SPDX-License-Identifier: Apache-2.0
// What the service counts and measures. docs/operations.md is the table for people.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/registry.hpp"

namespace cad::metrics {

using Duration = std::chrono::steady_clock::duration;

// The series of one name whose labels have few values that are not known beforehand: each is made
// when it is first seen.
template <class Handle>
class Series {
 public:
  using Make = std::function<Handle(const Labels&)>;
  Series(std::vector<std::string> names, Make make)
      : names_(std::move(names)), make_(std::move(make)) {}
  // In the order of the names.
  Handle at(const std::vector<std::string>& values);

 private:
  const std::vector<std::string> names_;
  const Make make_;
  std::mutex mutex_;
  std::map<std::vector<std::string>, Handle> series_;
};

class Requests {
 public:
  explicit Requests(Registry& registry);
  // `route`: the pattern, empty for a path that there is not.
  void ended(std::string_view method, std::string_view route, int status, Duration taken,
             std::uint64_t received, std::uint64_t sent);
  void auth_failed(std::string_view why);    // "unknown", "forbidden", "away"
  void rate_refused(std::string_view what);  // which limit: "address", "key", ...

 private:
  Counter received_, sent_;
  Series<Counter> count_, auth_, rate_;
  Series<Histogram> taken_;
};

class Jobs {
 public:
  explicit Jobs(Registry& registry);
  void accepted(const std::string& format, std::uint64_t bytes);
  // Taken by a runner for the first time, so long after it was accepted.
  void taken(std::chrono::milliseconds waited) const;
  void running(int change) const;
  // One attempt: `end` as sandbox::to_string() says it.
  void attempt_ended(const std::string& format, const std::string& end, int signal,
                     std::chrono::milliseconds wall, std::chrono::milliseconds cpu,
                     std::uint64_t peak_bytes);
  void ended(const std::string& status);  // for good
  void worker_started(bool ahead, bool good, Duration taken) const;

 private:
  Histogram waited_, peak_, start_ahead_, start_now_;
  Gauge running_;
  Counter failed_starts_;
  Series<Counter> accepted_, bytes_, kills_, ended_, cpu_;
  Series<Histogram> parse_;
};

class Deliveries {
 public:
  explicit Deliveries(Registry& registry);
  // One try: `kind` webhook or mail, `state` what became of it.
  void tried(const std::string& kind, const std::string& state, std::chrono::milliseconds taken);

 private:
  Series<Counter> count_;
  Series<Histogram> taken_;
};

struct Metrics {
  Registry registry;
  Requests requests{registry};
  Jobs jobs{registry};
  Deliveries deliveries{registry};
};

// Memory, descriptors, processor time, start of this process (process_*), and cadlens_build_info.
void add_process_metrics(Registry& registry, const std::string& version);

}  // namespace cad::metrics
