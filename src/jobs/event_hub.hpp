// SPDX-License-Identifier: Apache-2.0
// Who waits for a job, and how far the running ones are. Within one process; the database holds
// what must last.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace cad::jobs {

struct Progress {
  std::int64_t attempt = 0;
  int percent = 0;
  std::string phase;
};

class EventHub {
 public:
  EventHub();
  ~EventHub();

  // Called (from any thread, and must not block) when any job's row has changed. To be set before
  // there are other threads.
  void on_change(std::function<void()> wake) { on_change_ = std::move(wake); }

  // `wake` is called (from any thread, and must not block) at every change, until the returned
  // handle goes.
  std::shared_ptr<void> subscribe(const std::string& job_id, std::function<void()> wake);
  // The job has moved on in its runner.
  void progress(const std::string& job_id, Progress progress);
  std::optional<Progress> latest(const std::string& job_id) const;
  // The job's row has changed (taken, ended, given back, deleted): `running` ends here.
  void changed(const std::string& job_id);

 private:
  struct State;
  void wake(const std::string& job_id);
  std::shared_ptr<State> state_;
  std::function<void()> on_change_;
};

}  // namespace cad::jobs
