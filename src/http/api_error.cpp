// SPDX-License-Identifier: Apache-2.0
#include "http/api_error.hpp"

#include <nlohmann/json.hpp>

namespace cad::http {
namespace {

using Json = nlohmann::ordered_json;

struct Kind {
  int status;
  std::string_view code;
};

Kind kind_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_a_drawing:
    case ErrorCode::unsupported_format:
    case ErrorCode::unsupported_version:
    case ErrorCode::encrypted_drawing:
    case ErrorCode::damaged_drawing:
    case ErrorCode::invalid_argument: return {400, to_string(code)};
    case ErrorCode::limit_exceeded: return {413, "FILE_TOO_LARGE"};
    case ErrorCode::not_found: return {404, "NOT_FOUND"};
    case ErrorCode::conflict: return {409, "RESULT_NOT_READY"};
    case ErrorCode::io:  // a disk that is full or gone: it may come back like any other
    case ErrorCode::unavailable: return {503, "UNAVAILABLE"};
    case ErrorCode::integrity:
    case ErrorCode::internal: return {500, "INTERNAL"};
  }
  return {500, "INTERNAL"};
}

}  // namespace

ApiError::ApiError(const Error& error)
    : ApiError(kind_of(error.code).status, std::string(kind_of(error.code).code), error.message) {
  // What went wrong inside is for the log, not for the caller: it may name hosts.
  if (status < 500) return;
  inside = error.message;
  message = "Something went wrong on our side.";
  if (status != 503) return;
  message = "Something that is needed here is away for the moment; try again in a few seconds.";
  retry_after = kRetryAfter;
}

ApiError validation_error(FieldErrors details) {
  ApiError error(400, "VALIDATION_ERROR", "Validation error");
  error.details = std::move(details);
  return error;
}

ApiError busy(std::string message) {
  ApiError error(503, "BUSY", std::move(message));
  error.retry_after = kRetryAfter;
  return error;
}

ApiError away(std::string message) {
  ApiError error(503, "UNAVAILABLE", std::move(message));
  error.retry_after = kRetryAfter;
  return error;
}

Response no_content() {
  Response response;
  response.status = 204;
  return response;
}

Response json_response(int status, const std::string& body) {
  Response response;
  response.status = status;
  response.headers.set("Content-Type", "application/json; charset=utf-8");
  response.body = body;
  return response;
}

Response to_response(const ApiError& error, const std::string& request_id) {
  Json body{{"error", error.message}, {"code", error.code}, {"requestId", request_id}};
  if (error.job_id) body["jobId"] = *error.job_id;
  if (!error.details.empty())
    body["details"] = {{"fieldErrors", error.details.fields}, {"formErrors", error.details.form}};
  Response response =
      json_response(error.status, body.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (error.retry_after) response.headers.set("Retry-After", std::to_string(*error.retry_after));
  if (error.allow) response.headers.set("Allow", *error.allow);
  if (error.status == 401) response.headers.set("WWW-Authenticate", "Bearer realm=\"CADLens\"");
  return response;
}

}  // namespace cad::http
