// SPDX-License-Identifier: Apache-2.0
#include "jobs/remove.hpp"

#include <spdlog/spdlog.h>

#include <vector>

#include "jobs/notes.hpp"
#include "jobs/status.hpp"
#include "logging/quoted.hpp"

namespace cad::jobs {
namespace {

struct Removed {
  std::vector<blobs::Key> keys;
  std::int64_t jobs = 0, objects = 0;
};

// From when its row is gone nobody can see the job. What it leaves is added to `removed`; `note`,
// if it is not empty, goes to the account's feed.
Result<void> remove_row(const Services& services, const store::Job& job, const std::string& note,
                        Removed& removed) {
  CAD_ASSIGN(const bool ours, services.jobs().remove(job.id));
  if (!ours) return {};  // another's meanwhile, who counts it and removes what it leaves
  services.events.removed(job.id);
  if (!note.empty()) note_job(services, job, note);
  ++removed.jobs;
  removed.objects += !job.upload_gone;
  removed.keys.push_back(upload_key(job.id));
  CAD_ASSIGN(const auto parts, services.blobs.list(results_prefix(job.id)));
  removed.objects += static_cast<std::int64_t>(parts.size());
  removed.keys.insert(removed.keys.end(), parts.begin(), parts.end());
  return {};
}

// The rows go first; the sweeper finishes what a crash leaves. But not while the store is away: who
// is told that it failed shall be able to try again. What is removed is added to `swept`.
Result<void> remove_everything(const Services& services, const std::vector<store::Job>& jobs,
                               const std::string& note, Swept& swept, const Stop& stop = {}) {
  if (jobs.empty()) return {};
  CAD_TRY(ask_store(services.blobs));
  Removed removed;
  Result<void> done;
  for (const store::Job& job : jobs) {
    if (!done || (stop && stop())) break;
    done = remove_row(services, job, note, removed);
  }
  swept.jobs += removed.jobs;
  CAD_TRY(services.blobs.remove_all(removed.keys));
  swept.objects += removed.objects;
  return done;
}

// Tried whether or not the mark succeeds: the bytes are what must go.
Result<void> remove_uploads(const Services& services, const std::vector<std::string>& ids) {
  Result<void> marked;
  std::vector<blobs::Key> keys;
  for (const std::string& id : ids) {
    const auto one = services.jobs().mark_upload_gone(id, services.clock());
    if (!one && marked) marked = tl::unexpected(one.error());
    keys.push_back(upload_key(id));
  }
  CAD_TRY(services.blobs.remove_all(keys));
  return marked;
}

constexpr std::int64_t kBatch = 200;

// A job that still waits for its turn will fail, and say why.
Result<void> sweep_uploads(const Services& services, const Stop& stop, Swept& swept) {
  const UnixMs before = services.clock() - services.settings.upload_retention.count();
  while (!stop || !stop()) {
    CAD_ASSIGN(const auto ids, services.jobs().with_upload_from_before(before, kBatch));
    CAD_TRY(remove_uploads(services, ids));
    const auto count = static_cast<std::int64_t>(ids.size());
    swept.uploads += count;
    swept.objects += count;
    if (count < kBatch) break;
  }
  return {};
}

// Those that there still are.
Result<std::vector<store::Job>> jobs_of(const Services& services,
                                        const std::vector<std::string>& ids) {
  std::vector<store::Job> jobs;
  for (const std::string& id : ids) {
    auto job = services.jobs().find(id);
    if (!job && job.error().code != ErrorCode::not_found) return tl::unexpected(job.error());
    if (job) jobs.push_back(std::move(*job));
  }
  return jobs;
}

}  // namespace

Result<std::int64_t> delete_job(const Services& services, const auth::Principal& principal,
                                std::string_view id) {
  CAD_ASSIGN(const store::Job job, find_job(services, principal, id));
  Swept swept;
  CAD_TRY(remove_everything(services, {job}, "Job deleted", swept));
  if (swept.jobs == 0) return fail(ErrorCode::not_found, "Job not found");
  services.log.info("event=job_deleted job={} objects={}", job.id, swept.objects);
  return swept.objects;
}

void drop_upload(const Services& services, const std::string& job_id) {
  if (const auto removed = remove_uploads(services, {job_id}); !removed)
    services.log.error("event=upload_not_removed job={} reason={}", job_id,
                       logging::quoted(removed.error().message));
}

Result<Swept> sweep_expired(const Services& services, const Stop& stop) {
  const UnixMs now = services.clock();
  Swept swept;
  while (!stop || !stop()) {
    CAD_ASSIGN(const auto jobs, services.jobs().expired(now, kBatch));
    CAD_TRY(remove_everything(services, jobs, "Job expired", swept, stop));
    if (static_cast<std::int64_t>(jobs.size()) < kBatch) break;
  }
  CAD_TRY(sweep_uploads(services, stop, swept));
  if (stop && stop()) return swept;
  store::IdempotencyRepository records(services.database);
  CAD_ASSIGN(swept.tokens,
             records.remove_older_than(now - services.settings.idempotency_life.count()));
  return swept;
}

Result<Swept> purge_account(const Services& services, std::string_view account_id) {
  constexpr int kRounds = 10;
  store::KeyRepository keys(services.database);
  CAD_TRY(keys.revoke_all(account_id, services.clock()));
  Swept swept;
  Result<bool> removed = false;
  for (int round = 0; round < kRounds; ++round) {
    while (true) {
      CAD_ASSIGN(const auto ids, services.jobs().of_account(account_id, kBatch));
      if (ids.empty()) break;
      CAD_ASSIGN(const auto jobs, jobs_of(services, ids));
      CAD_TRY(remove_everything(services, jobs, "", swept));
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
