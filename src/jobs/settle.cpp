// SPDX-License-Identifier: Apache-2.0
// The end of an attempt, written down. What was worked for is not thrown away because the database
// is away for some seconds: it is tried again until the lease is over, or the time of a stop.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>

#include "jobs/notes.hpp"
#include "jobs/quota.hpp"
#include "jobs/run.hpp"
#include "jobs/running.hpp"
#include "logging/quoted.hpp"

namespace cad::jobs {

Result<bool> Runners::persist(const Running& running,
                              const std::function<Result<bool>()>& write) const {
  std::chrono::milliseconds pause{50};
  while (true) {
    const Result<bool> done = write();
    if (done || done.error().code != ErrorCode::unavailable) return done;
    if (Clock::now() + pause >= write_until(running)) return done;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(1'000));
  }
}

// True: the parts stay. When it is not known whether the row says COMPLETED, the sweeper decides.
bool Runners::complete(const queue::Taken& taken, const Running& running, const Stored& stored) {
  const std::string& id = taken.job.id;
  bool unsure = false;
  auto done = persist(running, [&] {
    auto tried = services_.jobs().complete(id, taken.lease.owner, taken.lease.attempt,
                                           stored.objects, services_.clock(), stored.has_thumbnail);
    unsure = unsure || !tried;
    return tried;
  });
  if (done && !*done && unsure) {
    // A connection that broke on the way back may have left the job completed, by us.
    const auto job = services_.jobs().find(id);
    if (job)
      done =
          job->status == store::JobStatus::completed && job->result_attempt == taken.lease.attempt;
    else if (job.error().code != ErrorCode::not_found)
      done = tl::unexpected(job.error());
  }
  if (!done) {
    services_.log.error("event=complete_failed job={} reason={}", id,
                        logging::quoted(done.error().message));
    if (done.error().code != ErrorCode::unavailable) retry(taken, running, true, {});
    return true;
  }
  if (*done) {
    note_job(services_, taken.job, "Job completed");
    count_final("completed");
  }
  return *done;
}

void Runners::interrupted_too_often(const queue::Taken& taken, const Running& running) {
  fail_for_good(taken, running, "INTERRUPTED",
                "The job was interrupted too often; try again later.");
}

void Runners::retry(const queue::Taken& taken, const Running& running, bool failed,
                    std::chrono::milliseconds pause) {
  if (failed && taken.job.attempt - taken.job.excused >= options_.max_attempts)
    return interrupted_too_often(taken, running);
  if (failed) pause += options_.retry_after * (taken.job.failures + 1);
  const auto given = persist(running, [&] {
    const UnixMs now = services_.clock();
    return services_.queue.give_back(taken.job.id, taken.lease, now, now + pause.count(), failed);
  });
  if (!given)
    services_.log.error("event=give_back_failed job={} reason={}", taken.job.id,
                        logging::quoted(given.error().message));
}

void Runners::fail_for_good(const queue::Taken& taken, const Running& running,
                            std::string_view code, std::string_view message) {
  const auto& id = taken.job.id;
  const auto given_up = given_up_as(code);
  const auto failed = persist(running, [&] {
    return services_.jobs().fail_job(id, taken.lease.owner, taken.lease.attempt, code, message,
                                     services_.clock(), is_our_fault(code), given_up.has_value());
  });
  if (!failed) {
    services_.log.error("event=fail_failed job={} reason={}", id,
                        logging::quoted(failed.error().message));
    return;
  }
  if (!*failed) return;  // somebody else's by now
  count_final("failed");
  if (given_up) services_.log.error("event=job_given_up job={} code={}", id, code);
  note_job(services_, taken.job, "Job failed: " + std::string(code), store::Level::error);
  if (services_.blobs.remove(upload_key(id)))
    (void)services_.jobs().mark_upload_gone(id, services_.clock());
}

}  // namespace cad::jobs
