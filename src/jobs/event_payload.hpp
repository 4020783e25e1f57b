// SPDX-License-Identifier: Apache-2.0
// What is told of a job to those outside: the body of a webhook, the text of a mail.
#pragma once

#include <string>

#include "jobs/services.hpp"
#include "store/outbox.hpp"

namespace cad::jobs {

// Larger bodies go without `sheets`, and if that is not enough without `metadata`.
inline constexpr std::size_t kMostPayload = 256 * 1024;

// Built from what is stored, with links signed now. NOT_FOUND: the job is gone.
Result<std::string> event_payload(const Services& services, const store::Event& event,
                                  const std::string& base_url);

struct Letter {
  std::string subject, text;
};
// For the end of a job. The drawing's contents stay here: mail is read by many machines.
Letter end_letter(const store::Job& job, const std::string& base_url);

}  // namespace cad::jobs
