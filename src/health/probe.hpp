// SPDX-License-Identifier: Apache-2.0
// Whether something that the service needs answers, asked at most once at a time and not more often
// than once a second, however many want to know; nobody waits long for it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cad::health {

struct ProbeTimes {
  std::chrono::milliseconds good_for{1'000};  // an answer counts that long
  std::chrono::milliseconds patience{1'000};  // a check that takes longer counts as failed
};

class Probe {
 public:
  using Check = std::function<Result<void>()>;
  // `check` runs on a thread of the probe's own, one at a time; it may hang for a while.
  explicit Probe(Check check, ProbeTimes times = {});
  ~Probe();  // waits for a check that is under way
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  // What the last check said, if that is fresh enough; else what a new one says. UNAVAILABLE: it
  // has not ended within its patience. Any thread.
  Result<void> state();
  // The same in two steps, for who asks several: the first does not wait, the second tells.
  void begin();
  Result<void> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What the service stands on, by name.
class Readiness {
 public:
  // Without a vital part the service cannot do its work; without another it does, but less well.
  enum class Weight { vital, helpful };
  struct Part {
    std::string name;
    Weight weight;
    bool good;
  };
  // Before the first report().
  void add(std::string name, Weight weight, Probe::Check check, ProbeTimes times = {});
  // All parts are asked at the same time, so it takes as long as the slowest of them.
  std::vector<Part> report() const;
  // Of one part; true when there is none of that name.
  bool is_good(std::string_view name) const;

 private:
  struct Entry {
    std::string name;
    Weight weight;
    std::unique_ptr<Probe> probe;
  };
  std::vector<Entry> entries_;
};

}  // namespace cad::health
