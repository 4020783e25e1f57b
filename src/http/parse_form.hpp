// SPDX-License-Identifier: Apache-2.0
// The multipart form of POST /v1/parse: the file streams into an upload, the fields are checked.
#pragma once

#include <memory>

#include "http/call.hpp"
#include "jobs/submit.hpp"

namespace cad::http {

struct ParseForm {
  std::unique_ptr<jobs::Upload> upload;
  jobs::SubmitFields fields;
  bool sync = false;
};
tl::expected<ParseForm, ApiError> read_parse_form(Call& call);

// None, or what is wrong with it, in words for its user.
std::optional<std::string> email_fault(std::string_view email);

}  // namespace cad::http
