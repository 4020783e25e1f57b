// SPDX-License-Identifier: Apache-2.0
#include "http/endpoints/endpoints.hpp"
#include "http/endpoints/result.hpp"
#include "http/parse_form.hpp"
#include "http/plan_gate.hpp"
#include "http/request_end.hpp"
#include "http/views.hpp"
#include "jobs/quota.hpp"
#include "jobs/status.hpp"
#include "jobs/submit.hpp"

namespace cad::http {
namespace {

// Counts the uploads that run; more than allowed are turned away, not queued.
class UploadSlot {
 public:
  explicit UploadSlot(std::atomic<int>& count) : count_(count), taken_(++count) {}
  ~UploadSlot() { --count_; }
  UploadSlot(const UploadSlot&) = delete;
  UploadSlot& operator=(const UploadSlot&) = delete;
  bool within(int most) const { return taken_ <= most; }

 private:
  std::atomic<int>& count_;
  int taken_;
};

Response accepted(const store::Job& job, std::string_view message) {
  Json view = accepted_view(job);
  if (!message.empty()) view["message"] = std::string(message);
  Response response = json_response(202, dump(view));
  response.headers.set("Location", "/v1/jobs/" + job.id);
  return response;
}

// Our own failures are worth a retry, the drawing's are not.
ApiError failure_of(const store::Job& job) {
  const std::string code = job.error_code.value_or("INTERNAL");
  // A crash is our defect, but one that trying again does not help.
  const bool ours = jobs::is_our_fault(code) && code != "PARSE_CRASHED";
  ApiError error(ours ? 503 : 422, code, job.error_msg.value_or("The job failed."));
  if (ours) error.retry_after = kRetryAfter;
  error.job_id = job.id;
  return error;
}

// Who has got the end of the job as an answer needs no mail about it.
std::shared_ptr<Response> watched(const Call& call, const std::string& id, Response response) {
  response.on_sent = [&services = call.services(), id,
                      told = std::move(response.on_sent)](bool complete) {
    if (told) told(complete);
    if (complete) (void)services.jobs().mark_watched(id);
  };
  return std::make_shared<Response>(std::move(response));
}

// Asked at every change of the job, and once when the time is over.
std::shared_ptr<Response> sync_answer(const Call& call, const std::string& id,
                                      jobs::ResultSchema schema, bool late) {
  const auto failed = [&call](const ApiError& error) {
    return failed_response(call.services().log, error, call.request_id);
  };
  const auto job = call.services().jobs().find(id);
  if (!job) return std::make_shared<Response>(failed(job.error()));
  if (job->status == store::JobStatus::failed) return watched(call, id, failed(failure_of(*job)));
  if (job->status == store::JobStatus::completed) {
    jobs::ResultOptions options;
    options.sync_answer = true;
    options.schema = schema;
    auto answer = result_response(call, *job, options);
    return watched(call, id, answer ? std::move(*answer) : failed(answer.error()));
  }
  if (!late) return nullptr;
  return std::make_shared<Response>(
      accepted(*job, "The job is still running; ask for it with GET /v1/jobs/{id}."));
}

Response wait_for(const Call& call, const store::Job& job, jobs::ResultSchema schema) {
  const auto& services = call.services();
  Response response;
  response.body = Deferred{
      {[&services, id = job.id](std::function<void()> wake) {
         return services.events.subscribe(id, std::move(wake));
       },
       services.settings.sync_wait},
      [call, id = job.id, schema](bool late) { return sync_answer(call, id, schema, late); }};
  return response;
}

}  // namespace

Answer post_parse(Call& call) {
  const UploadSlot slot(call.api.uploads);
  const auto& settings = call.services().settings;
  if (!slot.within(settings.max_uploads))
    return tl::unexpected(busy("Too many uploads at once; try again in a few seconds."));
  const auto room = jobs::has_room_in_queue(call.services());
  CAD_TRY(room);
  if (!*room) return tl::unexpected(busy("Too many jobs are waiting; try again in a few seconds."));
  FieldErrors errors;
  const jobs::ResultSchema schema = wanted_schema(call, errors);
  if (!errors.empty()) return tl::unexpected(validation_error(std::move(errors)));
  if (auto admitted = admit_request(call); !admitted)
    return tl::unexpected(std::move(admitted.error()));
  auto form = read_parse_form(call);
  if (!form) return tl::unexpected(std::move(form.error()));
  auto submitted = form->upload->finish(form->fields);
  if (!submitted) return tl::unexpected(ApiError(submitted.error()));
  if (submitted->clash)
    return tl::unexpected(
        ApiError(422, "IDEMPOTENCY_CLASH", "This Idempotency-Key was used for another request."));
  if (submitted->over_quota) return tl::unexpected(over_quota(call));
  const store::Job& job = submitted->job;
  if (!form->sync) return accepted(job, "");
  if (static_cast<std::uint64_t>(job.file_size) >= settings.sync_max_bytes)
    return accepted(job,
                    "Files of 10 MB and more are never waited for; ask for the job with GET "
                    "/v1/jobs/{id}.");
  return wait_for(call, job, schema);
}

}  // namespace cad::http
