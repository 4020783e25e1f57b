// SPDX-License-Identifier: Apache-2.0
#include "metrics/registry.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>

namespace cad::metrics {

struct Registry::State {
  prometheus::Registry registry;
  std::vector<std::function<void()>> looks;
  std::mutex collecting;  // one at a time: looking may be work
};

void Counter::add(double much) const { counter_->Increment(much); }

void Gauge::set(double value) const { gauge_->Set(value); }

void Gauge::add(double much) const { gauge_->Increment(much); }

void Histogram::observe(double value) const { histogram_->Observe(value); }

namespace {

std::map<std::string, std::string> map_of(const Labels& labels) {
  return {labels.begin(), labels.end()};
}

}  // namespace

Registry::Registry() : state_(std::make_unique<State>()) {}
Registry::~Registry() = default;

Counter Registry::counter(const std::string& name, const std::string& help, const Labels& labels) {
  auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(state_->registry);
  return Counter(family.Add(map_of(labels)));
}

Gauge Registry::gauge(const std::string& name, const std::string& help, const Labels& labels) {
  auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry);
  return Gauge(family.Add(map_of(labels)));
}

Histogram Registry::histogram(const std::string& name, const std::string& help,
                              std::span<const double> bounds, const Labels& labels) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(state_->registry);
  return Histogram(family.Add(map_of(labels), std::vector<double>(bounds.begin(), bounds.end())));
}

void Registry::on_collect(std::function<void()> look) { state_->looks.push_back(std::move(look)); }

std::string Registry::text() {
  const std::lock_guard lock(state_->collecting);
  for (const auto& look : state_->looks) look();
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace cad::metrics
