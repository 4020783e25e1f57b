// SPDX-License-Identifier: Apache-2.0
// What happens to jobs, for the account's feed.
#pragma once

#include <string>

#include "jobs/services.hpp"

namespace cad::jobs {

// `message` says nothing of the drawing, its name included: the note outlives it.
void note_job(const Services& services, const store::Job& job, std::string message,
              store::Level level = store::Level::info);

}  // namespace cad::jobs
