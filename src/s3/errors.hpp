// SPDX-License-Identifier: Apache-2.0
// What an answer of S3 that is no success means.
#pragma once

#include <string>

#include "base/result.hpp"
#include "s3/http.hpp"

namespace cad::s3 {

struct Refusal {
  Error error;
  std::string request_id;  // for the server's operator
  bool passing = false;    // another try may go better
  bool throttled = false;  // it is there, and asks to slow down
};

// Also of a body with an <Error> in an answer of status 200.
Refusal refusal_of(const HttpAnswer& answer);

}  // namespace cad::s3
