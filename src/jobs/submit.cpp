// SPDX-License-Identifier: Apache-2.0
#include "jobs/submit.hpp"

#include <spdlog/spdlog.h>

#include "crypto/bytes.hpp"
#include "formats/format.hpp"
#include "jobs/names.hpp"
#include "jobs/notes.hpp"
#include "queue/turns.hpp"
#include "trace/context.hpp"

namespace cad::jobs {

Upload::Upload(const Services& services, auth::Principal principal, std::string_view file_name,
               Terms terms)
    : services_(services),
      principal_(std::move(principal)),
      terms_(std::move(terms)),
      job_id_("job_" + crypto::random_hex(16)),
      file_name_(clean_file_name(file_name)) {}

Upload::~Upload() = default;

Result<void> Upload::write(std::span<const std::byte> bytes) {
  size_ += bytes.size();
  if (size_ > most_file_bytes(services_, terms_))
    return tl::unexpected(too_large(services_, terms_));
  hash_.update(bytes);
  if (writer_) return store(bytes);
  const std::size_t missing = std::min(bytes.size(), kSniffBytes - head_.size());
  head_.append(reinterpret_cast<const char*>(bytes.data()), missing);
  if (head_.size() < kSniffBytes) return {};
  CAD_TRY(judge());
  return store(bytes.subspan(missing));
}

Result<void> Upload::end_of_file() {
  if (!writer_) CAD_TRY(judge());
  sha256_ = crypto::to_hex(crypto::as_bytes(hash_.finish()));
  return {};
}

Result<void> Upload::judge() {
  CAD_ASSIGN(const Format* format, identify(crypto::as_bytes(head_)));
  format_ = format->name;
  mime_ = format->mime;
  CAD_ASSIGN(writer_, services_.blobs.create(upload_key(job_id_)));
  return store(crypto::as_bytes(head_));
}

Result<void> Upload::store(std::span<const std::byte> bytes) {
  if (bytes.empty()) return {};
  return writer_->write(bytes);
}

store::Job Upload::make_job(const SubmitFields& fields) {
  store::Job job;
  job.id = job_id_;
  job.uuid = crypto::random_uuid();
  job.key_id = principal_.key_id;
  job.account_id = principal_.account_id;
  job.file_name = file_name_;
  job.file_size = static_cast<std::int64_t>(size_);
  job.mime_type = mime_;
  job.format = format_;
  job.sha256 = sha256_;
  job.webhook_url = fields.webhook_url;
  job.notify_email = fields.notify_email;
  job.created_at = job.updated_at = services_.clock();
  job.expires_at = job.created_at + services_.settings.retention.count();
  job.phase = "queued";
  job.trace = fields.trace;
  const bool waited_for = fields.sync && size_ < services_.settings.sync_max_bytes;
  job.turn_at = queue::turn_of(job.created_at, job.file_size, waited_for);
  return job;
}

namespace {

// Length before text, so that no two sets of fields give the same bytes.
std::string fingerprint_of(const SubmitFields& fields, const std::string& sha256,
                           const std::string& file_name) {
  std::string all;
  for (const std::string& value : {sha256, file_name, fields.webhook_url.value_or(""),
                                   fields.notify_email.value_or(""), fields.mode})
    all += std::to_string(value.size()) + ":" + value;
  return crypto::sha256_hex(all);
}

}  // namespace

Result<std::optional<Submitted>> Upload::earlier(const SubmitFields& fields,
                                                 const std::string& fingerprint) {
  store::IdempotencyRepository records(services_.database);
  auto found = records.find(principal_.key_id, *fields.idempotency_key);
  if (!found) {
    if (found.error().code == ErrorCode::not_found) return std::optional<Submitted>();
    return tl::unexpected(found.error());
  }
  if (found->created_at + services_.settings.idempotency_life.count() <= services_.clock()) {
    CAD_TRY(records.remove(*found));
    return std::optional<Submitted>();
  }
  Submitted answer;
  answer.replayed = true;
  answer.clash = found->fingerprint != fingerprint;
  if (!answer.clash) {
    CAD_ASSIGN(answer.job, services_.jobs().find(found->job_id));
  }
  return std::optional(std::move(answer));
}

Result<Submitted> Upload::finish(const SubmitFields& fields) {
  const store::Job job = make_job(fields);
  std::optional<store::IdempotencyRecord> record;
  if (fields.idempotency_key) {
    const std::string fingerprint = fingerprint_of(fields, sha256_, file_name_);
    CAD_ASSIGN(auto before, earlier(fields, fingerprint));
    if (before) return std::move(*before);
    record = store::IdempotencyRecord{principal_.key_id, *fields.idempotency_key, fingerprint,
                                      job_id_, job.created_at};
  }
  services_.in_flight.add(job_id_);
  Result<bool> stored = false;
  if (auto durable = writer_->commit(); !durable)
    stored = tl::unexpected(std::move(durable.error()));
  else
    stored = services_.jobs().insert(job, record, terms_.requests_per_month);
  // A database that went away may have heard of it still; otherwise the sweeper finds the upload.
  const bool unknown = !stored && stored.error().code == ErrorCode::unavailable;
  if (!unknown && (!stored || !*stored)) (void)services_.blobs.remove(upload_key(job_id_));
  services_.in_flight.remove(job_id_);
  if (!stored && stored.error().code == ErrorCode::conflict && record) {
    // Another request with the same Idempotency-Key was faster.
    CAD_ASSIGN(auto before, earlier(fields, record->fingerprint));
    if (before) return std::move(*before);
  }
  CAD_TRY(stored);
  if (!*stored) {
    Submitted refused;
    refused.over_quota = true;
    return refused;
  }
  services_.queue.offer(job);
  services_.log.info("event=job_accepted job={} account={} format={} bytes={} trace={}", job.id,
                     job.account_id, job.format, job.file_size, trace::trace_id_of(job.trace));
  if (services_.metrics != nullptr)
    services_.metrics->jobs.accepted(job.format, static_cast<std::uint64_t>(job.file_size));
  note_job(services_, job, "Job accepted");
  return Submitted{job};
}

Result<bool> has_room_in_queue(const Services& services) {
  CAD_ASSIGN(const std::int64_t waiting, services.queue.waiting());
  return waiting < services.settings.max_waiting;
}

}  // namespace cad::jobs
