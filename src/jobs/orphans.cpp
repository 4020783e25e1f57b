// SPDX-License-Identifier: Apache-2.0
#include "jobs/orphans.hpp"

#include <algorithm>
#include <map>
#include <thread>

#include "jobs/store_watch.hpp"

namespace cad::jobs {
namespace {

constexpr std::size_t kJobsAtOnce = 100;       // one length of list: one statement
constexpr std::size_t kSuspectsAtOnce = 1000;  // held in memory

// Of the only node, whose own probe may be under way. A probe lives for some requests; no clock of
// a store is that wrong.
constexpr std::chrono::minutes kOldProbe{15};

struct Suspect {
  blobs::Key key;
  ObjectOf of;
};

// As much of a job as says which objects are wanted.
struct Standing {
  store::JobStatus status = store::JobStatus::pending;
  std::int64_t attempt = 0;
  std::optional<std::int64_t> result_attempt;
  bool upload_gone = false;
};

// An attempt's parts are wanted while it may still become the result, and when it has.
bool is_wanted(const ObjectOf& object, const Standing& job) {
  if (!object.attempt) return !job.upload_gone && job.status != store::JobStatus::failed;
  switch (job.status) {
    case store::JobStatus::completed: return job.result_attempt == object.attempt;
    case store::JobStatus::processing: return job.attempt == *object.attempt;
    case store::JobStatus::pending:
    case store::JobStatus::failed: return false;
  }
  return true;
}

const std::string& statement() {
  static const std::string sql = [] {
    std::string text =
        "SELECT id, status, attempt, result_attempt, upload_gone FROM jobs WHERE id IN (";
    for (std::size_t i = 1; i <= kJobsAtOnce; ++i) text += (i > 1 ? ",$" : "$") + std::to_string(i);
    return text + ")";
  }();
  return sql;
}

using Standings = std::map<std::string, Standing, std::less<>>;

// Of up to kJobsAtOnce jobs; those that there are not are missing.
Result<void> find(store::Database& database, std::span<const std::string> ids, Standings& into) {
  store::Values values;
  for (std::size_t i = 0; i < kJobsAtOnce; ++i)
    values.emplace_back(ids[std::min(i, ids.size() - 1)]);
  CAD_ASSIGN(const auto found, database.read(statement(), values));
  for (const store::Row& row : found.rows) {
    const auto status = store::parse_job_status(row.text(1));
    if (!status) return fail(ErrorCode::integrity, "The database holds a job in no known state.");
    into[row.text(0)] = {*status, row.integer(2), row.maybe_integer(3), row.integer(4) != 0};
  }
  return {};
}

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

class Sweep {
 public:
  Sweep(const Services& services, OrphanTimes times, const Stop& stop)
      : services_(services), times_(times), stop_(stop) {}

  Result<Swept> run() {
    for (const std::string_view prefix : {"uploads/", "results/"})
      CAD_TRY(services_.blobs.walk(
          prefix, [this](std::span<const blobs::Aged> some) { return take(some); }));
    CAD_TRY(remove_suspects());
    CAD_TRY(services_.blobs.walk(
        kProbes, [this](std::span<const blobs::Aged> some) { return take_probes(some); }));
    return swept_;
  }

 private:
  bool stopped() const { return stop_ && stop_(); }

  Result<bool> take(std::span<const blobs::Aged> objects) {
    const std::int64_t before = now_ms() - times_.patience.count();
    std::vector<Suspect> some;
    for (const blobs::Aged& object : objects) {
      if (object.modified_ms > before) continue;
      auto of = object_of(object.key);
      // Asked before the database: whoever is in flight no more has a row by then.
      if (of && !services_.in_flight.holds(of->job_id))
        some.push_back({object.key, std::move(*of)});
    }
    CAD_ASSIGN(some, orphans_among(std::move(some)));
    std::move(some.begin(), some.end(), std::back_inserter(suspects_));
    if (suspects_.size() >= kSuspectsAtOnce) CAD_TRY(remove_suspects());
    return !stopped();
  }

  Result<bool> take_probes(std::span<const blobs::Aged> objects) {
    const std::chrono::milliseconds patience =
        times_.patience.count() > 0 ? times_.patience : kOldProbe;
    std::vector<blobs::Key> keys;
    for (const blobs::Aged& object : objects)
      if (object.modified_ms <= now_ms() - patience.count()) keys.push_back(object.key);
    if (stopped() || keys.empty()) return !stopped();
    CAD_TRY(services_.blobs.remove_all(keys));
    swept_.objects += static_cast<std::int64_t>(keys.size());
    return !stopped();
  }

  Result<std::vector<Suspect>> orphans_among(std::vector<Suspect> some) {
    std::vector<std::string> ids;
    for (const Suspect& suspect : some) ids.push_back(suspect.of.job_id);
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    Standings jobs;
    for (std::size_t at = 0; at < ids.size(); at += kJobsAtOnce)
      CAD_TRY(find(services_.database,
                   std::span(ids).subspan(at, std::min(kJobsAtOnce, ids.size() - at)), jobs));
    std::erase_if(some, [&](const Suspect& suspect) {
      const auto job = jobs.find(suspect.of.job_id);
      return job != jobs.end() && is_wanted(suspect.of, job->second);
    });
    return some;
  }

  Result<void> remove_suspects() {
    if (suspects_.empty()) return {};
    if (times_.settle.count() > 0) {
      if (!wait()) return {};
      CAD_ASSIGN(suspects_, orphans_among(std::move(suspects_)));
    }
    std::vector<blobs::Key> keys;
    for (Suspect& suspect : suspects_) keys.push_back(std::move(suspect.key));
    suspects_.clear();
    if (stopped()) return {};
    CAD_TRY(services_.blobs.remove_all(keys));
    swept_.objects += static_cast<std::int64_t>(keys.size());
    return {};
  }

  // False: stopped meanwhile.
  bool wait() const {
    constexpr std::chrono::milliseconds kLook{20};
    const auto until = std::chrono::steady_clock::now() + times_.settle;
    while (std::chrono::steady_clock::now() < until) {
      if (stopped()) return false;
      std::this_thread::sleep_for(kLook);
    }
    return true;
  }

  const Services& services_;
  const OrphanTimes times_;
  const Stop& stop_;
  std::vector<Suspect> suspects_;
  Swept swept_;
};

}  // namespace

Result<Swept> sweep_orphans(const Services& services, OrphanTimes times, const Stop& stop) {
  return Sweep(services, times, stop).run();
}

}  // namespace cad::jobs
