// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/call.hpp"
#include "jobs/result.hpp"

namespace cad::http {

// The shape that the header CADLens-Schema asks for, else the one that the key is pinned to. A
// header that names none of them is an error of the field.
jobs::ResultSchema wanted_schema(const Call& call, FieldErrors& errors);

// The result of a completed job, streaming; the upload goes once it is completely delivered.
Answer result_response(const Call& call, const store::Job& job, jobs::ResultOptions options);

}  // namespace cad::http
