// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/call.hpp"
#include "jobs/result.hpp"

namespace cad::http {

// The result of a completed job, streaming; the upload goes once it is completely delivered.
Answer result_response(const Call& call, const store::Job& job, jobs::ResultOptions options);

}  // namespace cad::http
