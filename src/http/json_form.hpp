// SPDX-License-Identifier: Apache-2.0
// A JSON object as a request's body: its fields, and all that is wrong with them in one answer.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "http/call.hpp"

namespace cad::http {

class JsonForm {
 public:
  // 415: another media type (which also keeps other sites' forms out); 400: no JSON object.
  static tl::expected<JsonForm, ApiError> read(Call& call);
  // The same, and an empty body is an empty object.
  static tl::expected<JsonForm, ApiError> read_optional(Call& call);

  bool names(std::string_view name) const { return json_.contains(name); }
  bool has(std::string_view name) const;  // and it is not null
  // Each notes what is wrong and then gives nothing, or "". `most`: bytes.
  std::string text(std::string_view name, std::size_t most);  // required
  std::optional<std::string> maybe_text(std::string_view name, std::size_t most);
  Secret secret(std::string_view name, std::size_t most);  // required
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t most_words,
                                                std::size_t most);
  // ISO 8601 with a zone; milliseconds since 1970.
  std::optional<std::int64_t> time(std::string_view name);

  void fault(std::string_view name, std::string what);
  // VALIDATION when anything was wrong.
  tl::expected<void, ApiError> check() const;

 private:
  explicit JsonForm(nlohmann::json json) : json_(std::move(json)) {}
  const nlohmann::json* find(std::string_view name) const;

  nlohmann::json json_;
  FieldErrors errors_;
};

}  // namespace cad::http

// Returns the ApiError of an expected<..., ApiError> from the enclosing endpoint.
#define CAD_HTTP_TRY(expr)                                                             \
  do {                                                                                 \
    if (auto cad_try_result = (expr); !cad_try_result)                                 \
      return tl::unexpected<::cad::http::ApiError>(std::move(cad_try_result.error())); \
  } while (false)
