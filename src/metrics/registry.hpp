// SPDX-License-Identifier: Apache-2.0
// Numbers about the service, as Prometheus reads them. Only this file's other half knows the
// library. Labels have few values: never an account, a key, a job, a path.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace cad::metrics {

using Labels = std::vector<std::pair<std::string, std::string>>;

// Handles: small, copied freely, for any thread.
class Counter {
 public:
  void add(double much = 1) const;

 private:
  friend class Registry;
  explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}
  prometheus::Counter* counter_;
};

class Gauge {
 public:
  void set(double value) const;
  void add(double much) const;

 private:
  friend class Registry;
  explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}
  prometheus::Gauge* gauge_;
};

class Histogram {
 public:
  void observe(double value) const;
  template <class Rep, class Period>
  void observe(std::chrono::duration<Rep, Period> time) const {
    observe(std::chrono::duration<double>(time).count());
  }

 private:
  friend class Registry;
  explicit Histogram(prometheus::Histogram& histogram) : histogram_(&histogram) {}
  prometheus::Histogram* histogram_;
};

class Registry {
 public:
  Registry();
  ~Registry();

  // The series of that name and those labels, made when it is asked for the first time: a lock and
  // a look-up, so handles are kept where they are needed often.
  Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  // `bounds`: rising; one more bucket holds what is above.
  Histogram histogram(const std::string& name, const std::string& help,
                      std::span<const double> bounds, const Labels& labels = {});

  // Called before each text(), to set what is measured by looking. Before the first of them.
  void on_collect(std::function<void()> look);
  // In Prometheus' text format, version 0.0.4.
  std::string text();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cad::metrics
