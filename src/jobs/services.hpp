// SPDX-License-Identifier: Apache-2.0
// What the use cases work with. Built once by the application, shared by all threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "activity/recorder.hpp"
#include "auth/url_signer.hpp"
#include "blobs/blob_store.hpp"
#include "jobs/event_hub.hpp"
#include "metrics/metrics.hpp"
#include "plans/plans.hpp"
#include "queue/queue.hpp"
#include "store/repositories.hpp"

namespace spdlog {
class logger;
}

namespace cad::jobs {

using store::UnixMs;

struct Settings {
  std::uint64_t max_upload_bytes = 1ull << 30;
  std::chrono::milliseconds retention{std::chrono::hours(24 * 7)};         // of jobs and results
  std::chrono::milliseconds upload_retention{std::chrono::hours(24 * 7)};  // if never retrieved
  std::chrono::milliseconds sync_wait{60'000};
  std::uint64_t sync_max_bytes = 10'000'000;  // larger uploads are never waited for
  std::int64_t max_waiting = 10'000;          // jobs in the queue; more are refused
  int max_uploads = 32;                       // at the same time; more are refused
  std::chrono::milliseconds url_life{std::chrono::hours(1)};
  std::chrono::milliseconds idempotency_life{std::chrono::hours(24)};
  std::string public_url;  // "https://cad.example.com"; empty: as the client addressed us
  std::vector<std::string> security_contacts;  // URIs, for security.txt
};

// Job ids whose upload is stored but whose row is not written yet: the sweeper lets them be.
class InFlight {
 public:
  void add(const std::string& id) {
    const std::lock_guard lock(mutex_);
    ids_.insert(id);
  }
  void remove(const std::string& id) {
    const std::lock_guard lock(mutex_);
    ids_.erase(id);
  }
  bool holds(const std::string& id) {
    const std::lock_guard lock(mutex_);
    return ids_.contains(id);
  }

 private:
  std::mutex mutex_;
  std::set<std::string> ids_;
};

struct Services {
  store::Database& database;
  blobs::BlobStore& blobs;
  queue::Queue& queue;
  EventHub& events;
  InFlight& in_flight;
  const auth::UrlSigner& signer;
  spdlog::logger& log;
  std::function<UnixMs()> clock;
  Settings settings;
  std::shared_ptr<const plans::Plans> plans = plans::built_in();
  activity::Recorder* feed = nullptr;   // none: nothing is noted
  metrics::Metrics* metrics = nullptr;  // none: nothing is counted

  void note(store::Activity entry) const {
    if (feed != nullptr) feed->add(std::move(entry));
  }
  store::JobRepository jobs() const { return store::JobRepository(database); }
};

// Where a job's objects lie.
std::string upload_key(std::string_view job_id);
std::string results_prefix(std::string_view job_id);  // "results/<end>/<job>-"
std::string attempt_prefix(std::string_view job_id, std::int64_t attempt);  // ...and "<n>-"
std::string part_key(std::string_view job_id, std::int64_t attempt, std::string_view kind,
                     std::int64_t number);

// What a key says, the other way round; nothing of keys of any other form.
struct ObjectOf {
  std::string job_id;
  std::optional<std::int64_t> attempt;  // of a result's part; an upload has none
};
std::optional<ObjectOf> object_of(std::string_view key);

// Does the store answer? Asked for an object that is never there.
Result<void> ask_store(blobs::BlobStore& blobs);

// Every object below the prefix.
Result<void> remove_blobs(blobs::BlobStore& blobs, std::string_view prefix);

}  // namespace cad::jobs
