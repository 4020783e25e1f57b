// SPDX-License-Identifier: Apache-2.0
// The one place where errors become HTTP: {"error", "code", "requestId"} and, when there are any,
// "details".
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"

namespace cad::http {

// Seconds after which another try is worth it, when something is away or too much goes on.
inline constexpr int kRetryAfter = 5;

// What is wrong with a form, by field, in words for its user.
struct FieldErrors {
  std::map<std::string, std::vector<std::string>> fields;
  std::vector<std::string> form;
  bool empty() const { return fields.empty() && form.empty(); }
};

struct ApiError {
  ApiError(int with_status, std::string with_code, std::string with_message)
      : status(with_status), code(std::move(with_code)), message(std::move(with_message)) {}
  ApiError(const Error& error);  // NOLINT: converts by intent, so that CAD_TRY works in endpoints

  int status;
  std::string code, message;
  std::string inside = {};  // why, for the log alone: what a backend said of itself
  FieldErrors details = {};
  std::optional<int> retry_after = std::nullopt;  // seconds
  std::optional<std::string> allow = std::nullopt;
  std::optional<std::string> job_id = std::nullopt;
};

ApiError validation_error(FieldErrors details);
// 503: too much is going on at once; worth another try in a few seconds.
ApiError busy(std::string message);
// 503: something that is needed is away; it comes back by itself.
ApiError away(std::string message);

Response to_response(const ApiError& error, const std::string& request_id);

// Every endpoint gives one.
using Answer = tl::expected<Response, ApiError>;

Response json_response(int status, const std::string& body);
Response no_content();  // 204

}  // namespace cad::http
