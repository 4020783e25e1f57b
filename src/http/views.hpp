// SPDX-License-Identifier: Apache-2.0
// Values as the API's JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "http/call.hpp"
#include "store/records.hpp"

namespace cad::http {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json);  // never throws: what is no UTF-8 becomes U+FFFD

Json nullable(const std::optional<std::string>& text);
Json nullable_time(const std::optional<store::UnixMs>& time);

// The job of /v1/jobs and /v1/jobs/{id}.
Result<Json> job_view(const Call& call, const store::Job& job);
// What an accepted upload is answered with.
Json accepted_view(const store::Job& job);

// A bounded integer of the query; `otherwise` when absent, an error added when it is none.
std::int64_t query_integer(const Request& request, std::string_view name, std::int64_t least,
                           std::int64_t most, std::int64_t otherwise, FieldErrors& errors);

}  // namespace cad::http
