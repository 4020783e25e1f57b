// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace cad::http {

// schema/openapi.yaml as JSON.
std::string_view openapi_json();

}  // namespace cad::http
