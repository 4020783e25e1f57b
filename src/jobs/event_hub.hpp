// SPDX-License-Identifier: Apache-2.0
// Who waits for a job, and how far the running ones are. Within one process, and through a relay
// between nodes; the database holds what must last, and whoever is woken looks there.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace cad::jobs {

struct Progress {
  std::int64_t attempt = 0;
  int percent = 0;
  std::string phase;
};

// What nodes tell each other about a job.
struct Notice {
  enum class Kind : std::uint8_t {
    changed,   // its row has changed
    progress,  // it has moved on in its runner
    removed,   // it was deleted: who runs it stops
  } kind = Kind::changed;
  std::string job_id;
  Progress progress = {};  // of `progress`
};

// Carries notices to other nodes, whose relays hand them to EventHub::heard(). Any thread, must not
// block. May lose some: JobWatch finds what was missed.
class Relay {
 public:
  virtual ~Relay() = default;
  virtual void tell(Notice notice) = 0;
  // Somebody here waits for the job; nobody does any more.
  virtual void listen(const std::string& job_id) = 0;
  virtual void ignore(const std::string& job_id) = 0;
};

class EventHub {
 public:
  EventHub();
  ~EventHub();

  // Null takes either away: no call is under way any more when that returns, whatever runners
  // still do and a relay still hears. Called from any thread, and must not block:
  // when this process has written down something to deliver,
  void on_announced(std::function<void()> wake) {
    const std::lock_guard lock(announcing_);
    on_announced_ = std::move(wake);
  }
  // and when a job was deleted, here or on another node.
  void on_removed(std::function<void(const std::string& job_id)> stop) {
    const std::lock_guard lock(removing_);
    on_removed_ = std::move(stop);
  }
  // None: this process is alone. To be taken away before the relay goes.
  void relay_by(Relay* relay);

  // `wake` is called (from any thread, and must not block) at every change, until the returned
  // handle goes.
  std::shared_ptr<void> subscribe(const std::string& job_id, std::function<void()> wake);
  // The job has moved on in its runner.
  void progress(const std::string& job_id, Progress progress);
  std::optional<Progress> latest(const std::string& job_id) const;
  // The job's row has changed (taken, ended, given back): what was known of its progress ends here,
  // but for that of an attempt after `attempt`.
  void changed(const std::string& job_id,
               std::int64_t attempt = std::numeric_limits<std::int64_t>::max());
  // A webhook or a mail about a job waits to be delivered.
  void announced();
  void removed(const std::string& job_id);

  // From another node.
  void heard(const Notice& notice);
  // The jobs that somebody here waits for.
  std::vector<std::string> awaited() const;

 private:
  struct State;
  void wake(const std::string& job_id);
  void tell(Notice notice);
  void stop_running(const std::string& job_id);
  std::shared_ptr<State> state_;
  std::mutex announcing_;
  std::function<void()> on_announced_;
  std::mutex removing_;
  std::function<void(const std::string&)> on_removed_;
};

}  // namespace cad::jobs
