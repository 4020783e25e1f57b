// SPDX-License-Identifier: Apache-2.0
// Takes what happened and writes it soon, in batches: nobody who notes something waits for the
// database.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "store/activity.hpp"

namespace spdlog {
class logger;
}

namespace cad::activity {

struct RecorderOptions {
  std::size_t most_waiting = 20'000;  // more are dropped and counted
  std::size_t batch = 500;            // of one transaction
  std::chrono::milliseconds every{1'000};
};

class Recorder {
 public:
  Recorder(store::Database& database, std::function<store::UnixMs()> clock, spdlog::logger& log,
           RecorderOptions options = {});
  ~Recorder();  // writes what waits
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Any thread; never blocks for long. Its id and time are set here. Of no account: ignored.
  void add(store::Activity entry);
  // Returns when everything that was added before is written.
  void flush();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cad::activity
