// SPDX-License-Identifier: Apache-2.0
#include "jobs/remove.hpp"

#include <spdlog/spdlog.h>

#include <charconv>
#include <map>

#include "jobs/notes.hpp"
#include "jobs/status.hpp"
#include "logging/quoted.hpp"

namespace cad::jobs {
namespace {

// The row goes first: from then on nobody can see the job; the sweeper finishes what a crash
// leaves. But not while the store is away: who is told that it failed shall be able to try again.
Result<std::int64_t> remove_everything(const Services& services, const std::string& id,
                                       const std::function<void(const std::string&)>& cancel) {
  CAD_TRY(ask_store(services.blobs));
  CAD_TRY(services.jobs().remove(id));
  if (cancel) cancel(id);
  services.events.removed(id);
  std::int64_t removed = 0;
  CAD_ASSIGN(const bool upload, services.blobs.remove(upload_key(id)));
  removed += upload;
  CAD_ASSIGN(const std::int64_t parts, remove_blobs(services.blobs, results_prefix(id)));
  return removed + parts;
}

// Tried whether or not the mark succeeds: the bytes are what must go.
Result<bool> remove_upload(const Services& services, const std::string& id) {
  const auto marked = services.jobs().mark_upload_gone(id, services.clock());
  CAD_ASSIGN(const bool removed, services.blobs.remove(upload_key(id)));
  CAD_TRY(marked);
  return removed;
}

constexpr std::int64_t kBatch = 200;

// A job that still waits for its turn will fail, and say why.
Result<void> sweep_uploads(const Services& services, Swept& swept) {
  const UnixMs before = services.clock() - services.settings.upload_retention.count();
  while (true) {
    CAD_ASSIGN(const auto ids, services.jobs().with_upload_from_before(before, kBatch));
    for (const std::string& id : ids) {
      CAD_ASSIGN(const bool removed, remove_upload(services, id));
      swept.uploads += removed;
      swept.objects += removed;
    }
    if (static_cast<std::int64_t>(ids.size()) < kBatch) return {};
  }
}

struct ObjectOwner {
  std::string job_id;
  std::optional<std::int64_t> attempt;  // of a result's part
};

std::optional<ObjectOwner> owner_of(std::string_view key) {
  const auto slash = key.find('/');
  if (slash == key.npos) return std::nullopt;
  const std::string_view kind = key.substr(0, slash);
  std::string_view rest = key.substr(slash + 1);
  if (kind == "uploads") return ObjectOwner{std::string(rest), std::nullopt};
  if (kind != "results") return std::nullopt;
  const auto second = rest.find('/');
  if (second == rest.npos) return std::nullopt;
  ObjectOwner owner{std::string(rest.substr(0, second)), std::nullopt};
  rest.remove_prefix(second + 1);
  std::int64_t attempt = 0;
  if (std::from_chars(rest.data(), rest.data() + rest.size(), attempt).ec != std::errc())
    return std::nullopt;
  owner.attempt = attempt;
  return owner;
}

// An attempt's parts are wanted while it may still become the result, and when it has.
bool is_wanted(const ObjectOwner& owner, const store::Job& job) {
  if (!owner.attempt) return !job.upload_gone && job.status != store::JobStatus::failed;
  switch (job.status) {
    case store::JobStatus::completed: return job.result_attempt == owner.attempt;
    case store::JobStatus::processing: return job.attempt == *owner.attempt;
    case store::JobStatus::pending:
    case store::JobStatus::failed: return false;
  }
  return true;
}

}  // namespace

Result<std::int64_t> delete_job(const Services& services, const auth::Principal& principal,
                                std::string_view id,
                                const std::function<void(const std::string&)>& cancel) {
  CAD_ASSIGN(const store::Job job, find_job(services, principal, id));
  CAD_ASSIGN(const std::int64_t removed, remove_everything(services, job.id, cancel));
  services.log.info("event=job_deleted job={} objects={}", job.id, removed);
  note_job(services, job, "Job deleted");
  return removed;
}

void drop_upload(const Services& services, const std::string& job_id) {
  if (const auto removed = remove_upload(services, job_id); !removed)
    services.log.error("event=upload_not_removed job={} reason={}", job_id,
                       logging::quoted(removed.error().message));
}

Result<Swept> sweep_expired(const Services& services,
                            const std::function<void(const std::string&)>& cancel) {
  const UnixMs now = services.clock();
  Swept swept;
  while (true) {
    CAD_ASSIGN(const auto jobs, services.jobs().expired(now, kBatch));
    for (const store::Job& job : jobs) {
      CAD_ASSIGN(const std::int64_t objects, remove_everything(services, job.id, cancel));
      note_job(services, job, "Job expired");
      ++swept.jobs;
      swept.objects += objects;
    }
    if (static_cast<std::int64_t>(jobs.size()) < kBatch) break;
  }
  CAD_TRY(sweep_uploads(services, swept));
  store::IdempotencyRepository records(services.database);
  CAD_ASSIGN(swept.tokens,
             records.remove_older_than(now - services.settings.idempotency_life.count()));
  return swept;
}

Result<bool> OrphanSweep::is_orphan(const blobs::Key& key) const {
  const auto owner = owner_of(key);
  if (!owner || services_.in_flight.holds(owner->job_id)) return false;
  const auto job = services_.jobs().find(owner->job_id);
  if (!job && job.error().code != ErrorCode::not_found) return tl::unexpected(job.error());
  if (job) return !is_wanted(*owner, *job);
  // Between the list and the look-up the upload may have become a job.
  return !services_.in_flight.holds(owner->job_id);
}

Result<void> OrphanSweep::sweep(std::string_view prefix, std::map<blobs::Key, Time>& suspects,
                                Swept& swept) {
  const Time now = std::chrono::steady_clock::now();
  CAD_ASSIGN(const auto keys, services_.blobs.list(prefix));
  for (const auto& key : keys) {
    CAD_ASSIGN(const bool orphan, is_orphan(key));
    if (!orphan) continue;
    const auto before = suspects_.find(key);
    const Time since = before == suspects_.end() ? now : before->second;
    if (now - since < patience_) {
      suspects.emplace(key, since);
      continue;
    }
    CAD_ASSIGN(const bool removed, services_.blobs.remove(key));
    swept.objects += removed;
  }
  return {};
}

Result<Swept> OrphanSweep::run() {
  Swept swept;
  std::map<blobs::Key, Time> suspects;
  for (const std::string_view prefix : {"uploads/", "results/"})
    CAD_TRY(sweep(prefix, suspects, swept));
  suspects_ = std::move(suspects);
  return swept;
}

Result<Swept> sweep_orphans(const Services& services) { return OrphanSweep(services, {}).run(); }

Result<Swept> purge_account(const Services& services, std::string_view account_id,
                            const std::function<void(const std::string&)>& cancel) {
  constexpr int kRounds = 10;
  store::KeyRepository keys(services.database);
  CAD_TRY(keys.revoke_all(account_id, services.clock()));
  Swept swept;
  Result<bool> removed = false;
  for (int round = 0; round < kRounds; ++round) {
    while (true) {
      CAD_ASSIGN(const auto ids, services.jobs().of_account(account_id, kBatch));
      if (ids.empty()) break;
      for (const std::string& id : ids) {
        CAD_ASSIGN(const std::int64_t objects, remove_everything(services, id, cancel));
        ++swept.jobs;
        swept.objects += objects;
      }
    }
    removed = keys.remove_account(account_id);
    // An upload that was let in before the keys were revoked has just become a job: once more.
    if (removed || removed.error().code != ErrorCode::conflict) break;
  }
  if (!removed) return tl::unexpected(removed.error());
  services.log.info("event=account_purged account={} jobs={} objects={}", account_id, swept.jobs,
                    swept.objects);
  return swept;
}

}  // namespace cad::jobs
