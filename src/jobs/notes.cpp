// SPDX-License-Identifier: Apache-2.0
#include "jobs/notes.hpp"

namespace cad::jobs {

void note_job(const Services& services, const store::Job& job, std::string message,
              store::Level level) {
  store::Activity entry;
  entry.account_id = job.account_id;
  entry.key_id = job.key_id;
  entry.source = store::Source::job;
  entry.level = level;
  entry.message = std::move(message);
  entry.job_id = job.id;
  services.note(std::move(entry));
}

}  // namespace cad::jobs
