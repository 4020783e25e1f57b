// SPDX-License-Identifier: Apache-2.0
// An upload becomes a job: judged by its first bytes, stored encrypted while it streams in, queued.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "auth/authenticator.hpp"
#include "crypto/hash.hpp"
#include "jobs/quota.hpp"
#include "jobs/services.hpp"

namespace cad::jobs {

struct SubmitFields {
  std::optional<std::string> webhook_url, notify_email;
  std::string mode;  // as the form said it: part of what an Idempotency-Key stands for
  std::optional<std::string> idempotency_key;
  std::string trace = {};  // see store::Job
  bool sync = false;       // somebody waits for the answer: its turn comes sooner
};

struct Submitted {
  store::Job job;
  bool replayed = false;    // an earlier job under the same Idempotency-Key
  bool clash = false;       // that key was used for another request; `job` is empty then
  bool over_quota = false;  // the month of `terms` is used up; nothing was kept
};

class Upload {
 public:
  Upload(const Services& services, auth::Principal principal, std::string_view file_name,
         Terms terms = {});
  ~Upload();  // without finish() nothing remains

  // NOT_A_DRAWING, UNSUPPORTED_FORMAT ... once the first block is there, before anything is stored;
  // LIMIT_EXCEEDED as soon as the file is too large.
  Result<void> write(std::span<const std::byte> bytes);
  // The file is complete: judges it, if it was too short to be judged before. Stores nothing yet.
  Result<void> end_of_file();
  // Makes the upload durable and queues its job.
  Result<Submitted> finish(const SubmitFields& fields);

 private:
  Result<void> judge();
  Result<void> store(std::span<const std::byte> bytes);
  Result<std::optional<Submitted>> earlier(const SubmitFields& fields,
                                           const std::string& fingerprint);
  store::Job make_job(const SubmitFields& fields);

  const Services& services_;
  auth::Principal principal_;
  Terms terms_;
  std::string job_id_, file_name_;
  std::string head_;  // the first block until it is judged
  std::uint64_t size_ = 0;
  crypto::Sha256 hash_;
  std::string sha256_, format_, mime_;
  std::unique_ptr<blobs::Writer> writer_;
};

// May one more job wait?
Result<bool> has_room_in_queue(const Services& services);

// The last path component, valid UTF-8 without control characters, those of writing direction
// included, at most 255 bytes; "drawing" when nothing is left. For people and JSON; never used as a
// path.
std::string clean_file_name(std::string_view name);

}  // namespace cad::jobs
